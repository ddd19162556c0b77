//! Pictures in files. Both kinds are drawn by the same code; a PNG is twice as large, for sharp
//! text, and its letters come along, so that it looks alike on every machine.

use crate::commands::write_whole;
use crate::error::Error;
use plotters::coord::Shift;
use plotters::prelude::{
    BitMapBackend, DrawingArea, DrawingAreaErrorKind, DrawingBackend, IntoDrawingArea, IntoFont,
    RGBColor, SVGBackend, TextStyle,
};
use plotters::style::{FontStyle, register_font};
use std::ffi::OsStr;
use std::fmt::Display;
use std::io;
use std::path::{Path, PathBuf};

static FONT: &[u8] = include_bytes!("../../../corpora/fonts/DejaVuSans-latin.ttf");

/// The family of all letters in a picture.
const LETTERS: &str = "sans-serif";
pub(crate) const INK: RGBColor = RGBColor(40, 40, 40);
pub(crate) const GRID: RGBColor = RGBColor(225, 225, 225);
/// Colours that the colour-blind tell apart (Okabe and Ito), those too pale for a thin line last.
pub(crate) const COLOURS: [RGBColor; 6] = [
    RGBColor(0, 114, 178),
    RGBColor(213, 94, 0),
    RGBColor(0, 158, 115),
    RGBColor(204, 121, 167),
    RGBColor(86, 180, 233),
    RGBColor(230, 159, 0),
];
/// Pixels of a PNG for one of an SVG, in each direction.
const PNG_SCALE: u32 = 2;

/// What can be drawn.
pub(crate) trait Picture {
    /// Width and height, in pixels of an SVG.
    const SIZE: (u32, u32);

    /// Draws it, all sizes times `scale`.
    fn draw<B: DrawingBackend>(
        &self,
        area: &DrawingArea<B, Shift>,
        scale: u32,
    ) -> Result<(), DrawingAreaErrorKind<B::ErrorType>>;
}

/// A file for a picture, of the kind that its name says.
#[derive(Clone, Debug)]
pub(crate) struct PictureFile {
    path: PathBuf,
    kind: Kind,
}

#[derive(Clone, Copy, Debug)]
enum Kind {
    Svg,
    Png,
}

impl PictureFile {
    pub(crate) fn named(name: &str) -> Result<Self, String> {
        let path = PathBuf::from(name);
        let end = path.extension().map(OsStr::to_ascii_lowercase);
        let kind = match end.as_ref().and_then(|end| end.to_str()) {
            Some("svg") => Kind::Svg,
            Some("png") => Kind::Png,
            _ => return Err("a picture's name ends in .svg or .png".to_owned()),
        };
        Ok(Self { path, kind })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Writes a picture, whole or not at all.
    pub(crate) fn write(&self, picture: &impl Picture) -> Result<(), Error> {
        let drawn = match self.kind {
            Kind::Svg => svg(picture).map(String::into_bytes),
            Kind::Png => png(picture),
        };
        let bytes = drawn.map_err(|error| Error::Read(self.path.clone(), error))?;
        write_whole(&self.path, &bytes)
    }
}

/// Letters in ink.
pub(crate) fn letters(size: u32, scale: u32) -> TextStyle<'static> {
    (LETTERS, size * scale).into_font().color(&INK)
}

/// Sizes are far below 2^31.
pub(crate) fn signed(size: u32) -> i32 {
    i32::try_from(size).unwrap_or(i32::MAX)
}

/// A picture as the text of an SVG.
pub(crate) fn svg<P: Picture>(picture: &P) -> io::Result<String> {
    // The letters set its measures; those who look at it use their own.
    take_letters()?;
    let mut text = String::new();
    let area = SVGBackend::with_string(&mut text, P::SIZE).into_drawing_area();
    let drawn = picture.draw(&area, 1).and_then(|()| area.present());
    drawn.map_err(failed)?;
    drop(area);
    Ok(text)
}

fn png<P: Picture>(picture: &P) -> io::Result<Vec<u8>> {
    take_letters()?;
    let (width, height) = (P::SIZE.0 * PNG_SCALE, P::SIZE.1 * PNG_SCALE);
    let mut pixels = vec![0; width as usize * height as usize * 3];
    let backend = BitMapBackend::with_buffer(&mut pixels, (width, height));
    let area = backend.into_drawing_area();
    let drawn = picture.draw(&area, PNG_SCALE).and_then(|()| area.present());
    drawn.map_err(failed)?;
    drop(area);
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, width, height);
    encoder.set_color(png::ColorType::Rgb);
    let written = encoder.write_header().and_then(|mut writer| {
        writer.write_image_data(&pixels)?;
        writer.finish()
    });
    written.map_err(failed)?;
    Ok(bytes)
}

fn take_letters() -> io::Result<()> {
    let taken = register_font(LETTERS, FontStyle::Normal, FONT);
    taken.map_err(|_| io::Error::other("its letters cannot be read"))
}

fn failed(error: impl Display) -> io::Error {
    io::Error::other(error.to_string())
}
