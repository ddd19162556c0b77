//! Every mutant, by the rule that it breaks.

use super::Mutant;
use super::Provenance::{Incident, Invented, Known};
use crate::reference::{Fault, Flaw};
use mondegreen_dialog::{Confirms, Guard, Policy};
use mondegreen_oracle::Rule;

macro_rules! mutant {
    ($name:literal breaks $rule:ident, $provenance:expr, $what:literal, $fault:expr) => {
        Mutant {
            name: $name,
            breaks: Rule::$rule,
            what: $what,
            provenance: $provenance,
            fault: $fault,
            witness: include_str!(concat!("../../../../corpora/mutants/", $name, ".case")),
        }
    };
}

pub(super) const ALL: &[Mutant] = &[
    mutant! {
        "command-is-consent" breaks G1, Invented,
        "A command that names the contact in the same breath counts as its own confirmation.",
        Fault::Guard(Guard::CommandIsNoConsent)
    },
    mutant! {
        "retry-under-new-number" breaks G1, Invented,
        "A message that is sent again gets a new number, so the server takes it for another one.",
        Fault::Guard(Guard::RetryKeepsNumber)
    },
    mutant! {
        "homophones-not-spelt" breaks G2, Invented,
        "Two names that sound alike are not spelt out, so nobody can hear which is meant.",
        Fault::Guard(Guard::AlikeAreToldApart)
    },
    mutant! {
        "homophones-spelt-once" breaks G2, Invented,
        "A name that sounds like another is spelt out the first time, and not when the question is repeated.",
        Fault::Guard(Guard::AlikeAreToldApartAgain)
    },
    mutant! {
        "shared-word-spelt" breaks G2, Invented,
        "Of two names that sound alike, the word is spelt that both have.",
        Fault::Flaw(Flaw::SpellsSharedWords)
    },
    mutant! {
        "last-name-wins" breaks G2, Invented,
        "A name that is heard while the device asks whether to send replaces the recipient, and the answer still counts.",
        Fault::Flaw(Flaw::SendsToLastName)
    },
    mutant! {
        "held-message-readdressed" breaks G2, Invented,
        "A command for a second message, given while the first is held, changes whom the first goes to.",
        Fault::Guard(Guard::HeldRecipientStays)
    },
    mutant! {
        "retry-readdressed" breaks G2, Invented,
        "A message that did not arrive is sent again to whom the device is asking about by then.",
        Fault::Guard(Guard::RetriedRecipientStays)
    },
    mutant! {
        "recipient-confirmed-only" breaks G3, Incident(
            "Portland, May 2018: in Amazon's account both questions are about the contact, none about what was recorded",
        ),
        "The recipient is confirmed before the recording; the recording leaves unasked.",
        Fault::Policy(Policy { confirms: Confirms::Recipient, ..Policy::GUARDED })
    },
    mutant! {
        "content-not-confirmed" breaks G3, Invented,
        "What was recorded is not asked about when its recipient has been confirmed.",
        Fault::Guard(Guard::ContentIsConfirmed)
    },
    mutant! {
        "last-words-only" breaks G3, Invented,
        "After a pause in the dictation only what follows it is sent.",
        Fault::Guard(Guard::RecordingIsWhole)
    },
    mutant! {
        "age-in-sixteen-bits" breaks G3, Invented,
        "The age of a recording overflows after 32,767 ms, and other sound is sent in its place.",
        Fault::Guard(Guard::RecordingAges)
    },
    mutant! {
        "retry-of-later-sound" breaks G3, Invented,
        "A message that is sent again has the span reckoned from now that was reckoned from the first attempt.",
        Fault::Guard(Guard::OutgoingAges)
    },
    mutant! {
        "prompt-in-recording" breaks G3, Invented,
        "The span that is sent begins with the prompt for the message.",
        Fault::Flaw(Flaw::SendsPromptToo)
    },
    mutant! {
        "barge-in" breaks G4, Invented,
        "An answer may be given over the prompt.",
        Fault::Policy(Policy { after_prompt: false, ..Policy::GUARDED })
    },
    mutant! {
        "answer-over-prompt" breaks G4, Invented,
        "The end of the prompt is not waited for before the word counts.",
        Fault::Guard(Guard::PromptComesFirst)
    },
    mutant! {
        "prompt-ends-early" breaks G4, Invented,
        "The prompt counts as ended a millisecond before it has.",
        Fault::Guard(Guard::AnswerBeginsAfterPrompt)
    },
    mutant! {
        "talk-across-allowed" breaks G4, Invented,
        "Talk that runs across the end of the prompt does not void the question.",
        Fault::Policy(Policy { discard_across: false, ..Policy::GUARDED })
    },
    mutant! {
        "talk-across-forgiven" breaks G4, Invented,
        "Talk that began in the last 200 ms of the prompt does not void the question.",
        Fault::Guard(Guard::TalkAcrossVoids)
    },
    mutant! {
        "talk-across-held" breaks G4, Invented,
        "Talk that ran across the end of the prompt, and is reported after the answer, is not looked at.",
        Fault::Guard(Guard::TalkAcrossVoidsHeld)
    },
    mutant! {
        "any-prompt-ended" breaks G4, Invented,
        "The end of the prompt before counts as the end of this one.",
        Fault::Guard(Guard::OwnPromptEnds)
    },
    mutant! {
        "window-one-late" breaks G5, Invented,
        "The window closes a millisecond late.",
        Fault::Guard(Guard::WindowCloses)
    },
    mutant! {
        "answer-before-deadline" breaks G5, Invented,
        "An answer that comes after a timer was missed is looked at before the deadline is.",
        Fault::Guard(Guard::DeadlineComesFirst)
    },
    mutant! {
        "window-reopened" breaks G5, Invented,
        "A second report that the prompt has ended begins the window again.",
        Fault::Guard(Guard::PromptEndsOnce)
    },
    mutant! {
        "window-held-open" breaks G5, Invented,
        "Speech that goes on begins the window again.",
        Fault::Guard(Guard::WindowIsFixed)
    },
    mutant! {
        "last-window-twice" breaks G5, Invented,
        "After the last repetition the question stays open for another window.",
        Fault::Guard(Guard::LastWindowCloses)
    },
    mutant! {
        "hears-itself" breaks G6, Known(
            "Amazon Echo: obeys commands that it says itself (Esposito, Sgandurra and Bella 2022, \"Alexa versus Alexa\")",
        ),
        "A device's own voice is taken for a person's.",
        Fault::Guard(Guard::OwnVoiceIsNobody)
    },
    mutant! {
        "hears-itself-late" breaks G6, Invented,
        "A device's own voice is known for a second after the prompt only, and an echo that comes later is a person's.",
        Fault::Guard(Guard::OwnVoiceIsNobodyEver)
    },
    mutant! {
        "other-device-speaking" breaks G6, Invented,
        "A device knows when it speaks itself, and not when another does, so it takes another's prompt for an answer.",
        Fault::Guard(Guard::HouseIsQuiet)
    },
    mutant! {
        "interim-answer" breaks G7, Invented,
        "An interim hypothesis is taken for the answer.",
        Fault::Guard(Guard::AnswerIsFinal)
    },
    mutant! {
        "withdrawn-while-held" breaks G7, Invented,
        "Once the answer was taken, its withdrawal is overlooked.",
        Fault::Guard(Guard::WithdrawalEndsHold)
    },
    mutant! {
        "withdrawn-too-late" breaks G7, Invented,
        "A withdrawal is overlooked when the message has been held for more than three seconds.",
        Fault::Guard(Guard::LateWithdrawalEndsHold)
    },
    mutant! {
        "withdrawn-at-deadline" breaks G7, Invented,
        "At the moment when the hold ends the message leaves before the withdrawal is looked at.",
        Fault::Guard(Guard::WithdrawalComesFirst)
    },
    mutant! {
        "doubtful-answer" breaks G8, Invented,
        "An answer is taken with a thousandth less than the confidence of one half.",
        Fault::Guard(Guard::AnswerIsSure)
    },
    mutant! {
        "yes-within-talk" breaks G8, Known(
            "Mycroft: ask_yesno takes a yes-word anywhere in an utterance (mycroft-core, voc_match)",
        ),
        "The answer is found anywhere within what was said.",
        Fault::Guard(Guard::AnswerIsWhole)
    },
    mutant! {
        "second-hypothesis" breaks G8, Invented,
        "The answer is looked for in all hypotheses, not in the first alone.",
        Fault::Guard(Guard::AnswerIsFirst)
    },
    mutant! {
        "first-word-kept" breaks G8, Invented,
        "When the question is repeated with another word, the first word is still the answer.",
        Fault::Flaw(Flaw::KeepsFirstWord)
    },
    mutant! {
        "no-is-unclear" breaks G9, Invented,
        "A no to the question leaves it open, and a later word answers it.",
        Fault::Guard(Guard::NoIsAnAnswer)
    },
    mutant! {
        "cancel-while-held" breaks G9, Invented,
        "While a message is held, \"cancel\" is not listened for.",
        Fault::Guard(Guard::CancelEndsHold)
    },
    mutant! {
        "no-while-held" breaks G9, Invented,
        "While a message is held, only \"cancel\" stops it, and \"no\" does not.",
        Fault::Guard(Guard::NoEndsHold)
    },
    mutant! {
        "button-while-held" breaks G9, Invented,
        "The cancel button does nothing while a message is held.",
        Fault::Guard(Guard::ButtonEndsHold)
    },
    mutant! {
        "undo-lost-at-end" breaks G9, Invented,
        "An undo in the last millisecond of the hold is lost.",
        Fault::Guard(Guard::UndoCountsToTheEnd)
    },
    mutant! {
        "undo-after-deadline" breaks G9, Invented,
        "At the moment when the hold ends the message leaves before the undo is looked at.",
        Fault::Guard(Guard::UndoComesFirst)
    },
    mutant! {
        "unsure-no" breaks G9, Invented,
        "A refusal has to be as sure as an answer.",
        Fault::Guard(Guard::RefusalMayBeUnsure)
    },
    mutant! {
        "strangers-cancel" breaks G9, Invented,
        "A refusal from a voice that is not known is overlooked.",
        Fault::Guard(Guard::RefusalMayBeAnyones)
    },
    mutant! {
        "silence-is-consent" breaks G9, Invented,
        "A question that was repeated and met with silence twice counts as answered.",
        Fault::Guard(Guard::SilenceIsNotConsent)
    },
    mutant! {
        "retry-after-delivery" breaks G10, Invented,
        "A message that arrived is sent again when a failure is reported after all.",
        Fault::Guard(Guard::DeliveredIsDone)
    },
    mutant! {
        "retry-unreported" breaks G10, Invented,
        "A message of which nothing was heard is sent again when the device is woken.",
        Fault::Guard(Guard::FailureIsReported)
    },
    mutant! {
        "button-sends-twice" breaks G10, Invented,
        "The confirm button sends a held message at once, and the end of the hold sends it again.",
        Fault::Guard(Guard::ConfirmationIsSpent)
    },
    mutant! {
        "button-of-another" breaks G11, Invented,
        "The confirm button of a sleeping device answers what another one asks.",
        Fault::Guard(Guard::ButtonIsTheAskers)
    },
    mutant! {
        "answer-from-anywhere" breaks G11, Invented,
        "What a sleeping device hears is handed to the device that asks.",
        Fault::Flaw(Flaw::AnswersFromAnywhere)
    },
    mutant! {
        "off-not-looked-at" breaks G12, Invented,
        "The command is obeyed while messaging is off.",
        Fault::Guard(Guard::OffRefuses)
    },
    mutant! {
        "off-while-held" breaks G12, Invented,
        "Switching messaging off does not reach a message that is held.",
        Fault::Guard(Guard::OffEndsHold)
    },
    mutant! {
        "off-here-only" breaks G12, Invented,
        "Switching messaging off ends the session of one device, and not of the other.",
        Fault::Guard(Guard::OffReachesAll)
    },
    mutant! {
        "off-lost-at-restart" breaks G12, Invented,
        "After a restart messaging is on, whatever it was before.",
        Fault::Guard(Guard::OffOutlivesRestart)
    },
    mutant! {
        "retry-while-off" breaks G12, Invented,
        "A message that did not arrive is sent again although messaging was switched off since.",
        Fault::Guard(Guard::OffEndsRetries)
    },
    mutant! {
        "off-after-deadline" breaks G12, Invented,
        "At the moment when the hold ends the message leaves before messaging is off.",
        Fault::Guard(Guard::OffComesFirst)
    },
    mutant! {
        "held-over-restart" breaks G13, Invented,
        "A message that is held outlives a restart.",
        Fault::Guard(Guard::RestartEndsHold)
    },
    mutant! {
        "asked-over-restart" breaks G13, Invented,
        "The question whether to send outlives a restart.",
        Fault::Guard(Guard::RestartEndsQuestion)
    },
    mutant! {
        "retry-after-restart" breaks G13, Invented,
        "A message that did not arrive is sent again after a restart.",
        Fault::Guard(Guard::RestartEndsRetries)
    },
    mutant! {
        "restart-after-deadline" breaks G13, Invented,
        "At the moment when the hold ends the message leaves before the restart is done.",
        Fault::Guard(Guard::RestartComesFirst)
    },
    mutant! {
        "unsaid-prompt" breaks G14, Invented,
        "When the prompt for the message is never said to its end, recording begins all the same, unannounced.",
        Fault::Guard(Guard::UnsaidPromptIsGivenUp)
    },
    mutant! {
        "sent-in-silence" breaks G14, Invented,
        "Neither the hold nor the send is announced.",
        Fault::Guard(Guard::SendIsAnnounced)
    },
    mutant! {
        "words-go-on" breaks G15, Invented,
        "The challenge words of a run depend on how many runs there were before it.",
        Fault::Flaw(Flaw::CountsStarts)
    },
    mutant! {
        "contacts-remembered" breaks G15, Invented,
        "Once a message was sent, the next run does not ask any more whether the recipient is right.",
        Fault::Flaw(Flaw::KnowsItsContacts)
    },
];
