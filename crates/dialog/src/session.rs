//! One device's session: from its name being called to a message being sent, or not.

use crate::guard::{Guard, Guards};
use crate::input::{Act, Alike, Button, Finality, Heard, Name, Rank, Voice};
use crate::permission::{Approved, Confirming, Draft, Settled};
use crate::question::{Ask, Question};
use crate::recording::{Making, Recording, invite};
use crate::turn::Turn;
use crate::{
    Answer, Confirms, ContactId, Effect, Listening, MessageId, Millis, Notice, Policy, PromptId,
    Says, Word,
};

/// A prompt that has not ended by then is given up, and its session with it.
pub const PROMPT_MAX: Millis = Millis(45_000);
/// A message that did not arrive is sent again so often.
pub const RETRIES_MAX: u8 = 1;
/// A message that did not arrive is not sent again after so long.
pub const RETRY_WITHIN: Millis = Millis(60_000);

/// Where a session stands, without its details.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// Waits for its name.
    Idle,
    /// Waits for a command.
    Awake,
    /// Asks to whom.
    AskingRecipient,
    /// Asks whether it is the right recipient.
    ConfirmingRecipient,
    /// Asks for the message and records it.
    Recording,
    /// Asks whether to send.
    ConfirmingSend,
    /// Waits, audibly, before it sends.
    Holding,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Phase {
    Idle,
    Awake(Awake),
    AskingRecipient(Question),
    ConfirmingRecipient(Confirming),
    Recording(Recording),
    ConfirmingSend(Confirming),
    Holding(Holding),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Awake {
    pub(crate) since: Millis,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Holding {
    pub(crate) approved: Approved,
    pub(crate) left: Millis,
}

impl Phase {
    pub(crate) const fn stage(&self) -> Stage {
        match self {
            Self::Idle => Stage::Idle,
            Self::Awake(_) => Stage::Awake,
            Self::AskingRecipient(_) => Stage::AskingRecipient,
            Self::ConfirmingRecipient(_) => Stage::ConfirmingRecipient,
            Self::Recording(_) => Stage::Recording,
            Self::ConfirmingSend(_) => Stage::ConfirmingSend,
            Self::Holding(_) => Stage::Holding,
        }
    }

    pub(crate) const fn is_speaking(&self) -> bool {
        match self {
            Self::AskingRecipient(question) => question.is_speaking(),
            Self::ConfirmingRecipient(asked) | Self::ConfirmingSend(asked) => {
                asked.question.is_speaking()
            }
            Self::Recording(recording) => recording.is_speaking(),
            Self::Idle | Self::Awake(_) | Self::Holding(_) => false,
        }
    }

    /// Time until something happens by itself; a session always ends by itself (`S3`).
    pub(crate) fn left(&self, policy: &Policy, guards: Guards) -> Option<Millis> {
        match self {
            Self::Idle => None,
            Self::Awake(awake) => Some(policy.window.minus(awake.since)),
            Self::AskingRecipient(question) => Some(question.left(policy, guards, PROMPT_MAX)),
            Self::ConfirmingRecipient(asked) | Self::ConfirmingSend(asked) => {
                Some(asked.question.left(policy, guards, PROMPT_MAX))
            }
            Self::Recording(recording) => Some(recording.left(policy, guards)),
            Self::Holding(holding) => Some(holding.left),
        }
    }

    pub(crate) fn is_due(&self, policy: &Policy, guards: Guards) -> bool {
        self.left(policy, guards) == Some(Millis::ZERO)
    }

    pub(crate) fn wait(&mut self, waited: Millis) {
        match self {
            Self::Idle => {}
            Self::Awake(awake) => awake.since = awake.since.plus(waited),
            Self::AskingRecipient(question) => question.wait(waited),
            Self::ConfirmingRecipient(asked) | Self::ConfirmingSend(asked) => asked.wait(waited),
            Self::Recording(recording) => recording.wait(waited),
            Self::Holding(holding) => {
                holding.approved.wait(waited);
                holding.left = holding.left.minus(waited);
            }
        }
    }

    /// The message in the making, if there is one.
    pub(crate) const fn draft(&self) -> Option<&Draft> {
        match self {
            Self::Idle | Self::Awake(_) | Self::AskingRecipient(_) => None,
            Self::ConfirmingRecipient(asked) | Self::ConfirmingSend(asked) => Some(asked.draft()),
            Self::Recording(recording) => Some(recording.draft()),
            Self::Holding(holding) => Some(holding.approved.draft()),
        }
    }

    fn message(&self) -> Option<MessageId> {
        self.draft().map(|draft| draft.message)
    }

    /// Ends the session, whatever it was doing.
    pub(crate) fn abandon(self, turn: &mut Turn, why: Notice) -> Self {
        match self {
            Self::Idle => Self::Idle,
            Self::Awake(_) => turn.sleep(),
            Self::Recording(recording) => {
                recording.stop(turn);
                turn.drop_message(self.message(), why)
            }
            Self::AskingRecipient(_)
            | Self::ConfirmingRecipient(_)
            | Self::ConfirmingSend(_)
            | Self::Holding(_) => turn.drop_message(self.message(), why),
        }
    }

    /// Time has run out: an unanswered question is asked again (`S1`), or the session ends (`S3`).
    pub(crate) fn expire(self, turn: &mut Turn) -> Self {
        match self {
            Self::Idle | Self::Awake(_) => self.abandon(turn, Notice::Dropped),
            Self::AskingRecipient(question) if question.is_speaking() => {
                self.abandon(turn, Notice::Dropped)
            }
            Self::AskingRecipient(question) => ask_recipient_again(question, turn), // G5
            Self::ConfirmingRecipient(asked) | Self::ConfirmingSend(asked) => {
                if asked.question.is_speaking() {
                    self.abandon(turn, Notice::Dropped)
                } else {
                    #[cfg(feature = "faults")]
                    if let Some(approved) = asked.unanswered(turn) {
                        return hold(approved, turn);
                    }
                    confirm_again(asked, turn) // G5 G9
                }
            }
            Self::Recording(recording) => recording.expire(turn),
            Self::Holding(holding) => turn.send(holding.approved),
        }
    }

    pub(crate) fn prompt_ended(mut self, prompt: PromptId, turn: &mut Turn) -> Self {
        let window = Some(turn.policy.window);
        match &mut self {
            Self::Idle | Self::Awake(_) | Self::Holding(_) => {}
            Self::AskingRecipient(question) => {
                if question.open(prompt, turn.guards) {
                    turn.listen(Listening::Recipient, window);
                }
            }
            Self::ConfirmingRecipient(asked) | Self::ConfirmingSend(asked) => {
                if asked.question.open(prompt, turn.guards) {
                    turn.listen(Listening::Confirmation, window);
                }
            }
            Self::Recording(recording) => recording.prompt_ended(prompt, turn),
        }
        self
    }

    pub(crate) fn pressed(self, button: Button, turn: &mut Turn) -> Self {
        match (button, self) {
            (Button::Cancel, _) => {
                turn.give_up_retries(); // G9
                self.abandon(turn, Notice::Dropped)
            }
            (Button::Confirm, Self::ConfirmingRecipient(asked) | Self::ConfirmingSend(asked)) => {
                settled(asked.press(turn), turn)
            }
            (
                Button::Confirm,
                Self::Idle
                | Self::Awake(_)
                | Self::AskingRecipient(_)
                | Self::Recording(_)
                | Self::Holding(_),
            ) => self,
        }
    }

    pub(crate) fn heard(self, heard: Heard, turn: &mut Turn) -> Self {
        let is_own = heard.voice == Voice::Device && turn.keeps(Guard::OwnVoiceIsNobody);
        if turn.policy.echo_guard && is_own {
            return self; // G6
        }
        if heard.is_refusal() {
            turn.give_up_retries(); // G9: what has left cannot be called back
        }
        if heard.act == Act::Cancel && heard.is_refusal() {
            return self.abandon(turn, Notice::Dropped); // G9 S2
        }
        match self {
            Self::Idle => hear_asleep(heard, turn),
            Self::Awake(awake) => awake.heard(heard, turn),
            Self::AskingRecipient(question) => hear_recipient(question, heard, turn),
            Self::ConfirmingRecipient(asked) | Self::ConfirmingSend(asked) => {
                settled(asked.settle(heard, turn), turn)
            }
            Self::Recording(recording) => Self::Recording(recording.heard()),
            Self::Holding(holding) => {
                let discards = turn.policy.discard_across && turn.keeps(Guard::TalkAcrossVoidsHeld);
                let crossed = discards && holding.approved.crossed_by(heard.began);
                if heard.refuses() || crossed {
                    self.abandon(turn, Notice::Dropped) // G9 G4
                } else {
                    self
                }
            }
        }
    }

    /// Whether a message is being made.
    pub(crate) const fn is_messaging(&self) -> bool {
        !matches!(self, Self::Idle | Self::Awake(_))
    }
}

fn settled(settled: Settled, turn: &mut Turn) -> Phase {
    match settled {
        Settled::Stands(asked) => asked.into_phase(),
        Settled::Rejected(draft) => turn.drop_message(Some(draft.message), Notice::Dropped),
        Settled::Unclear(asked) => confirm_again(asked, turn),
        Settled::Approved(approved) if approved.draft().audio.is_some() => hold(approved, turn),
        Settled::Approved(approved) => match turn.policy.confirms {
            Confirms::Recipient => invite(Making::Approved(approved), turn),
            Confirms::Both | Confirms::Content => {
                invite(Making::Draft(approved.into_draft()), turn)
            }
        },
    }
}

impl Confirming {
    /// A question about a draft with sound is about sending it; one without, about its recipient.
    const fn into_phase(self) -> Phase {
        if self.draft().audio.is_some() {
            Phase::ConfirmingSend(self)
        } else {
            Phase::ConfirmingRecipient(self)
        }
    }

    fn says(&self, read_back: Option<Millis>, turn: &Turn) -> Says {
        let draft = self.draft();
        let (contact, ask) = (draft.recipient, self.ask());
        let is_first = read_back.is_some() || draft.audio.is_none();
        let apart = draft.apart
            && turn.policy.tell_apart
            && turn.keeps(Guard::AlikeAreToldApart)
            && (is_first || turn.keeps(Guard::AlikeAreToldApartAgain)); // G2
        if draft.audio.is_some() {
            Says::ConfirmSend {
                contact,
                apart,
                ask,
                read_back,
            }
        } else {
            Says::ConfirmRecipient {
                contact,
                apart,
                ask,
            }
        }
    }
}

pub(crate) fn confirm(asked: Confirming, read_back: Option<Millis>, turn: &mut Turn) -> Phase {
    let says = asked.says(read_back, turn);
    turn.say(asked.question.prompt, says, Some(asked.draft().message));
    asked.into_phase()
}

/// Asks the same thing again, with a new challenge word; ends the session if that was done.
fn confirm_again(asked: Confirming, turn: &mut Turn) -> Phase {
    let prompt = turn.next_prompt();
    let Some(question) = asked.question.again(prompt) else {
        return asked.into_phase().abandon(turn, Notice::Dropped);
    };
    let ask = match asked.ask() {
        Ask::Word(_) => Ask::Word(Word::choose(turn.numbers.seed, prompt)),
        same @ (Ask::Yes | Ask::Name | Ask::SendIt | Ask::Button) => same,
    };
    confirm(Confirming::new(*asked.draft(), ask, question), None, turn)
}

impl Policy {
    /// What the last question before the message leaves asks for.
    pub(crate) fn last_ask(&self, seed: u64, prompt: PromptId) -> Ask {
        match self.answer {
            Answer::Yes => Ask::Yes,
            Answer::Name => Ask::Name,
            Answer::SendIt => Ask::SendIt,
            Answer::Word => Ask::Word(Word::choose(seed, prompt)),
            Answer::Button => Ask::Button,
        }
    }
}

fn hear_asleep(heard: Heard, turn: &mut Turn) -> Phase {
    let woken = heard.act == Act::Wake
        && (heard.finality == Finality::Final || !turn.keeps(Guard::WakeIsFinal)) // G7
        && (heard.score >= turn.policy.wake_threshold || !turn.keeps(Guard::WakeIsSure))
        && (heard.score.over(heard.runner_up) >= turn.policy.wake_margin
            || !turn.keeps(Guard::WakeIsApart));
    if woken {
        Awake::begin(turn)
    } else {
        Phase::Idle
    }
}

impl Awake {
    fn begin(turn: &mut Turn) -> Phase {
        turn.listen(Listening::Command, Some(turn.policy.window));
        Phase::Awake(Self {
            since: Millis::ZERO,
        })
    }

    fn heard(self, heard: Heard, turn: &mut Turn) -> Phase {
        let is_interim = heard.finality == Finality::Interim && turn.keeps(Guard::CommandIsFinal);
        let is_unsure =
            heard.score < turn.policy.intent_threshold && turn.keeps(Guard::CommandIsSure);
        if is_interim || is_unsure {
            return Phase::Awake(self); // G7
        }
        match heard.act {
            Act::Wake => Self::begin(turn),
            Act::Home(act) => {
                let device = turn.device;
                turn.effects.push(Effect::Act { device, act }); // S4
                turn.sleep()
            }
            Act::SendMessage(_) if !turn.messaging && turn.keeps(Guard::OffRefuses) => {
                turn.notice(Notice::MessagingOff); // G12
                turn.sleep()
            }
            Act::SendMessage(None) => ask_recipient(turn),
            #[cfg(feature = "faults")]
            Act::SendMessage(Some(name)) if !turn.keeps(Guard::CommandIsNoConsent) => {
                let draft = Draft::to(name, turn);
                invite(Making::Approved(Approved::presumed(draft)), turn)
            }
            Act::SendMessage(Some(name)) => {
                name_recipient(name, turn).unwrap_or_else(|| ask_recipient(turn))
            }
            Act::Name(_)
            | Act::Yes
            | Act::No
            | Act::YesAndNo
            | Act::SendIt
            | Act::Word(_)
            | Act::Cancel
            | Act::Talk => Phase::Awake(self),
        }
    }
}

fn ask_recipient(turn: &mut Turn) -> Phase {
    let prompt = turn.next_prompt();
    turn.say(prompt, Says::ToWhom, None);
    Phase::AskingRecipient(Question::ask(prompt, turn.policy))
}

fn ask_recipient_again(question: Question, turn: &mut Turn) -> Phase {
    let prompt = turn.next_prompt();
    match question.again(prompt) {
        Some(question) => {
            turn.say(prompt, Says::ToWhom, None);
            Phase::AskingRecipient(question)
        }
        None => Phase::AskingRecipient(question).abandon(turn, Notice::Dropped),
    }
}

fn hear_recipient(question: Question, heard: Heard, turn: &mut Turn) -> Phase {
    let phase = Phase::AskingRecipient(question);
    if heard.is_refusal() {
        return phase.abandon(turn, Notice::Dropped);
    }
    let early = (question.is_speaking() || heard.began > turn.quiet)
        && turn.keeps(Guard::NameBeginsAfterPrompt);
    let is_interim = heard.finality == Finality::Interim && turn.keeps(Guard::NameIsFinal); // G7
    if is_interim || (turn.policy.after_prompt && early) {
        return phase;
    }
    let name = match heard.act {
        Act::Name(name) | Act::SendMessage(Some(name)) => Some(name),
        Act::Wake
        | Act::SendMessage(None)
        | Act::Home(_)
        | Act::Yes
        | Act::No
        | Act::YesAndNo
        | Act::SendIt
        | Act::Word(_)
        | Act::Cancel
        | Act::Talk => None,
    };
    let first = turn.policy.first_hypothesis && turn.keeps(Guard::NameIsFirst);
    let usable = heard.rank == Rank::First || !first;
    let taken = name
        .filter(|_| usable)
        .and_then(|name| name_recipient(name, turn));
    taken.unwrap_or_else(|| ask_recipient_again(question, turn))
}

impl Draft {
    /// A new message to this contact.
    fn to(name: Name, turn: &mut Turn) -> Self {
        Self {
            message: turn.next_message(),
            recipient: name.contact,
            apart: name.alike == Alike::SameSound,
            audio: None,
        }
    }
}

/// Takes a name for the recipient, if it is sure enough and can be told from the others.
fn name_recipient(name: Name, turn: &mut Turn) -> Option<Phase> {
    let policy = turn.policy;
    let sure = name.score >= policy.recipient_threshold || !turn.keeps(Guard::NameIsSure);
    if !sure || name.contact.0 >= turn.contacts {
        return None;
    }
    // Before the runner-up is looked at: a namesake is as likely, however often one asks.
    let refuses = policy.tell_apart && turn.keeps(Guard::NamesakesAreRefused);
    if name.alike == Alike::SameSpelling && refuses {
        return Some(turn.drop_message(None, Notice::CannotTellApart(name.contact))); // G2
    }
    let apart = name.score.over(name.runner_up) >= policy.recipient_margin;
    if !apart && turn.keeps(Guard::NameIsApart) {
        return None;
    }
    let draft = Draft::to(name, turn);
    Some(match policy.confirms {
        Confirms::Content => invite(Making::Draft(draft), turn),
        Confirms::Recipient | Confirms::Both => {
            let prompt = turn.next_prompt();
            let ask = match policy.confirms {
                Confirms::Recipient => policy.last_ask(turn.numbers.seed, prompt),
                Confirms::Both | Confirms::Content => Ask::Yes,
            };
            let question = Question::ask(prompt, policy);
            confirm(Confirming::new(draft, ask, question), None, turn)
        }
    })
}

pub(crate) fn hold(approved: Approved, turn: &mut Turn) -> Phase {
    let left = turn.policy.hold;
    if left == Millis::ZERO {
        return turn.send(approved);
    }
    let contact: ContactId = approved.draft().recipient;
    if turn.keeps(Guard::SendIsAnnounced) && turn.keeps(Guard::HoldIsAnnounced) {
        turn.notice(Notice::Holding(contact, left)); // G14
    }
    turn.listen(Listening::Command, Some(left));
    Phase::Holding(Holding { approved, left })
}

#[cfg(feature = "faults")]
impl Confirming {
    /// Silence for consent, if the check is broken ([`Guard::SilenceIsNotConsent`]).
    fn unanswered(self, turn: &Turn) -> Option<Approved> {
        let is_over = self.draft().audio.is_some() && !self.question.may_be_repeated();
        let consents = is_over && !turn.keeps(Guard::SilenceIsNotConsent);
        consents.then(|| Approved::presumed(*self.draft()))
    }
}
