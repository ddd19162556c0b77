//! The repository, its commits, and a checkout in which both are built.

use crate::error::Error;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The repository that the program was called in.
#[derive(Clone, Debug)]
pub(crate) struct Repository {
    root: PathBuf,
}

/// A commit, as it was asked for and as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Commit {
    pub(crate) name: String,
    pub(crate) id: String,
}

impl Commit {
    /// Enough of it to know it by.
    pub(crate) fn short(&self) -> &str {
        self.id.get(..10).unwrap_or(&self.id)
    }
}

impl Repository {
    pub(crate) fn here() -> Result<Self, Error> {
        let root = git(Path::new("."), &["rev-parse", "--show-toplevel"])?;
        if root.status.success() {
            let root = PathBuf::from(text(&root.stdout));
            Ok(Self { root })
        } else {
            Err(Error::NoRepository(text(&root.stderr)))
        }
    }

    pub(crate) fn commit(&self, name: &str) -> Result<Commit, Error> {
        let revision = format!("{name}^{{commit}}");
        let arguments = ["rev-parse", "--verify", "--quiet", "--end-of-options"];
        let found = git(&self.root, &[&arguments[..], &[&revision]].concat())?;
        if !found.status.success() {
            return Err(Error::NoCommit(name.to_owned()));
        }
        Ok(Commit {
            name: name.to_owned(),
            id: text(&found.stdout),
        })
    }

    /// Whether a commit has this file.
    fn has(&self, commit: &Commit, file: &str) -> Result<bool, Error> {
        let object = format!("{}:{file}", commit.id);
        Ok(git(&self.root, &["cat-file", "-e", &object])?
            .status
            .success())
    }
}

/// A worktree, in which one commit after the other is checked out. It is gone with this value, unless
/// it is to be kept.
#[derive(Debug)]
pub(crate) struct Checkout {
    repository: Repository,
    folder: PathBuf,
    is_kept: bool,
}

impl Checkout {
    /// In this folder, which may be such a worktree already.
    pub(crate) fn new(
        repository: &Repository,
        folder: PathBuf,
        is_kept: bool,
    ) -> Result<Self, Error> {
        let checkout = Self {
            repository: repository.clone(),
            folder,
            is_kept,
        };
        let root = &repository.root;
        // Those whose folder is gone.
        ran("git worktree prune", &git(root, &["worktree", "prune"])?)?;
        let list = git(root, &["worktree", "list", "--porcelain"])?;
        let own = format!("worktree {}", checkout.folder.display());
        if text(&list.stdout).lines().any(|line| line == own) {
            return Ok(checkout);
        }
        if checkout.folder.exists() {
            return Err(Error::NotOurs(checkout.folder.clone()));
        }
        let folder = checkout.folder.to_string_lossy();
        let added = [
            "worktree",
            "add",
            "--quiet",
            "--detach",
            "--no-checkout",
            &folder,
        ];
        ran("git worktree add", &git(root, &added)?)?;
        Ok(checkout)
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Whether a commit has this file.
    pub(crate) fn has(&self, commit: &Commit, file: &str) -> Result<bool, Error> {
        self.repository.has(commit, file)
    }

    /// Checks out a commit.
    pub(crate) fn turn_to(&self, commit: &Commit) -> Result<(), Error> {
        let arguments = ["checkout", "--quiet", "--force", "--detach", &commit.id];
        ran("git checkout", &git(&self.folder, &arguments)?)
    }
}

impl Drop for Checkout {
    fn drop(&mut self) {
        if !self.is_kept {
            let folder = self.folder.to_string_lossy();
            // What is left behind is pruned by the next run.
            let _ = git(
                &self.repository.root,
                &["worktree", "remove", "--force", &folder],
            );
        }
    }
}

fn git(folder: &Path, arguments: &[&str]) -> Result<Output, Error> {
    let mut command = Command::new("git");
    let out = command.arg("-C").arg(folder).args(arguments).output();
    out.map_err(|error| Error::Command("git".to_owned(), error.to_string()))
}

fn ran(command: &str, out: &Output) -> Result<(), Error> {
    if out.status.success() {
        Ok(())
    } else {
        Err(Error::Command(command.to_owned(), text(&out.stderr)))
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).trim().to_owned()
}
