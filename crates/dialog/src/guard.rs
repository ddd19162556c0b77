//! The checks that the rules rest on, by name.
//!
//! With the feature `faults`, [`crate::Dialog::without`] makes a dialog in which one of them is
//! broken, to prove that whoever looks for faults can find them. Without the feature every check
//! is kept, and the compiler leaves nothing of this.

macro_rules! guards {
    ($($(#[doc = $doc:literal])+ $name:ident,)+) => {
        /// A check of the dialog. The name says what it demands; the text, for which rule, and
        /// what happens when it is broken, as far as that is not plain.
        #[cfg_attr(
            not(feature = "faults"),
            expect(dead_code, unreachable_pub, reason = "only faults that can be chosen need all names")
        )]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Guard {
            $($(#[doc = $doc])+ $name,)+
        }

        #[cfg(feature = "faults")]
        impl Guard {
            /// Every check.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];
        }
    };
}

guards! {
    /// `G1` A command that names the recipient is still to be confirmed. Broken: what is recorded
    /// then leaves unasked.
    CommandIsNoConsent,
    /// `G2` A name that sounds like another is said apart.
    AlikeAreToldApart,
    /// `G2` It is said apart each time that it is said. Broken: only the first time.
    AlikeAreToldApartAgain,
    /// `G2` Names that nothing tells apart are refused.
    NamesakesAreRefused,
    /// `G2` A name that is heard while a message is held is not for that message.
    HeldRecipientStays,
    /// `G2` A message that is sent again goes where it went. Broken: to whom the device is making
    /// the next one for.
    RetriedRecipientStays,
    /// `G3` What was recorded is asked about. Broken: the recipient's confirmation has to do.
    ContentIsConfirmed,
    /// `G3` The recording is all that was recorded. Broken: the last thing said.
    RecordingIsWhole,
    /// `G3` The age of a recording is told however old it is. Broken: 32,768 ms count as none.
    RecordingAges,
    /// `G3` The recording ages until its message has arrived. Broken: until it has left.
    OutgoingAges,
    /// `G4` Nothing is an answer while the prompt is being said.
    PromptComesFirst,
    /// `G4` `G6` An answer begins when every prompt has ended. Broken: a millisecond before.
    AnswerBeginsAfterPrompt,
    /// `G4` Talk across the end of the prompt voids the question. Broken: 200 ms are forgiven.
    TalkAcrossVoids,
    /// `G4` The same while the message is held, when it is reported only then.
    TalkAcrossVoidsHeld,
    /// `G4` A question is open when its own prompt has ended. Broken: when any has.
    OwnPromptEnds,
    /// `G5` The window closes in time. Broken: a millisecond late.
    WindowCloses,
    /// `G5` What is due has happened before an answer is looked at.
    DeadlineComesFirst,
    /// `G5` A prompt ends once. Broken: when it ends again, the window begins again.
    PromptEndsOnce,
    /// `G5` Speech that goes on does not hold the window open.
    WindowIsFixed,
    /// `G5` A question that may not be repeated is over with its window. Broken: it is answered
    /// for as long again.
    LastWindowCloses,
    /// `G6` A device's own voice is nobody's.
    OwnVoiceIsNobody,
    /// `G6` However late it is heard. Broken: for a second after the prompt.
    OwnVoiceIsNobodyEver,
    /// `G6` An answer begins when every device of the house is quiet. Broken: the one that asked.
    HouseIsQuiet,
    /// `G6` Only a known voice gives permission.
    VoiceIsKnown,
    /// `G7` An answer is final.
    AnswerIsFinal,
    /// `G7` An answer that is withdrawn takes the held message with it.
    WithdrawalEndsHold,
    /// `G7` However late it is withdrawn. Broken: within three seconds.
    LateWithdrawalEndsHold,
    /// `G7` What is withdrawn when the hold ends is withdrawn before the message leaves.
    WithdrawalComesFirst,
    /// `G7` The wake word is final.
    WakeIsFinal,
    /// `G7` A command is final.
    CommandIsFinal,
    /// `G7` A name is final.
    NameIsFinal,
    /// `G8` An answer is sure. Broken: a confidence of 0.499 will do.
    AnswerIsSure,
    /// `G8` An answer is all that was said.
    AnswerIsWhole,
    /// `G8` An answer is the recogniser's first hypothesis.
    AnswerIsFirst,
    /// `G8` An answer is the word that this prompt asked for. Broken: any challenge word.
    AnswerIsThisWord,
    /// `G9` No is an answer. Broken: the question stands.
    NoIsAnAnswer,
    /// `G9` "Cancel" drops a held message.
    CancelEndsHold,
    /// `G9` "No" drops a held message.
    NoEndsHold,
    /// `G9` The cancel button drops a held message.
    ButtonEndsHold,
    /// `G9` An undo counts until the message leaves. Broken: until a millisecond before.
    UndoCountsToTheEnd,
    /// `G9` An undo at the moment when the hold ends comes before the message leaves.
    UndoComesFirst,
    /// `G9` A refusal need not be sure. Broken: as sure as an answer.
    RefusalMayBeUnsure,
    /// `G9` A refusal may come from anyone. Broken: from a known voice.
    RefusalMayBeAnyones,
    /// `G9` Silence is not consent. Broken: to a question that was repeated, it is.
    SilenceIsNotConsent,
    /// `G9` What was refused is not sent again.
    RefusalEndsRetries,
    /// `G10` What was delivered is done with.
    DeliveredIsDone,
    /// `G10` Only a failure that was reported leads to another attempt. Broken: the device also
    /// sends again what it has heard nothing of when it is woken.
    FailureIsReported,
    /// `G10` A confirmation is spent once. Broken: the confirm button sends what is held at once,
    /// and it stays held.
    ConfirmationIsSpent,
    /// `G10` A message that is sent again keeps its number.
    RetryKeepsNumber,
    /// `G10` It is sent again [`crate::RETRIES_MAX`] times at most.
    RetriesEnd,
    /// `G10` And only within [`crate::RETRY_WITHIN`].
    RetryIsPrompt,
    /// `G11` A button answers the device that it is on. Broken: pressed on a sleeping device, it
    /// answers any.
    ButtonIsTheAskers,
    /// `G12` While messaging is off, the command is refused.
    OffRefuses,
    /// `G12` Switching off drops what is held.
    OffEndsHold,
    /// `G12` It reaches every device. Broken: the first that is at it.
    OffReachesAll,
    /// `G12` It outlives a restart.
    OffOutlivesRestart,
    /// `G12` Nothing is sent again after it.
    OffEndsRetries,
    /// `G12` At the moment when the hold ends it comes before the message leaves.
    OffComesFirst,
    /// `G13` A restart drops what is held.
    RestartEndsHold,
    /// `G13` A restart drops the question whether to send.
    RestartEndsQuestion,
    /// `G13` Nothing is sent again after a restart.
    RestartEndsRetries,
    /// `G13` At the moment when the hold ends it comes before the message leaves.
    RestartComesFirst,
    /// `G14` A prompt for the message that is never said is given up. Broken: recording begins.
    UnsaidPromptIsGivenUp,
    /// `G14` Nothing leaves in silence. Broken: neither the hold nor the send is announced.
    SendIsAnnounced,
    /// `G14` The hold is announced.
    HoldIsAnnounced,
    /// `G14` Recording is announced.
    RecordingIsAnnounced,
    /// `G14` Another attempt is announced.
    RetryIsAnnounced,
    /// `I1` The wake word is sure.
    WakeIsSure,
    /// `I1` The wake word is surer than any other reading.
    WakeIsApart,
    /// `I1` A command is sure.
    CommandIsSure,
    /// `I2` A name is sure.
    NameIsSure,
    /// `I2` A name is surer than any other.
    NameIsApart,
    /// `I2` A name is the recogniser's first hypothesis.
    NameIsFirst,
    /// `I2` A name is said when every prompt has ended.
    NameBeginsAfterPrompt,
    /// `I1` The button is pressed when the prompt has ended.
    ButtonFollowsPrompt,
}

/// Every check, or with the feature `faults` all but one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Guards {
    #[cfg(feature = "faults")]
    broken: Option<Guard>,
}

#[cfg(feature = "faults")]
impl Guards {
    pub(crate) const fn without(guard: Guard) -> Self {
        Self {
            broken: Some(guard),
        }
    }

    /// Whether any check is not made.
    pub(crate) const fn is_one_broken(self) -> bool {
        self.broken.is_some()
    }

    /// Whether the check is made.
    pub(crate) fn keeps(self, guard: Guard) -> bool {
        self.broken != Some(guard)
    }
}

#[cfg(not(feature = "faults"))]
impl Guards {
    /// Whether the check is made.
    #[expect(clippy::unused_self, reason = "the same call as with the feature")]
    pub(crate) const fn keeps(self, _: Guard) -> bool {
        true
    }
}
