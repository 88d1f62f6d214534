namespace ModelBuild.Imaging.Decoding;

/// <summary>Creates the exceptions for picture files that cannot be loaded.</summary>
/// <param name="subject">The subject of the message, at the start of a sentence: the path in quotes, or <c>The data</c>.</param>
internal sealed class FileFault(string subject)
{
    private const string Remedy = $"Files in the formats {FileFormat.Readable} can be read.";

    public PictureException Empty() => new($"{subject} is empty. {Remedy}");

    public PictureException NoPicture() => new($"{subject} is not a picture. {Remedy}");

    public PictureException Foreign(string format) => new($"{subject} has the format {format}, which cannot be read. {Remedy}");

    public PictureException Truncated(string format) => new($"{subject} is truncated: the end of the {format} file is missing. {Remedy}");

    public PictureException Damaged(string format) => new($"{subject} is damaged: it starts like a {format} file, but cannot be decoded. {Remedy}");

    public PictureException TooManyScans(int count, int max) => new($"{subject} is a JPEG file with {count} scans, and at most {max} are decoded. {Remedy}");

    public PictureException TooManyBytes(int max) =>
        new($"{subject} has more than {max} bytes, the limit that {nameof(PictureLimits)}.{nameof(PictureLimits.MaxBytes)} sets. {Remedy}");

    public PictureException TooManyPixels(int width, int height, int max) =>
        new(
            $"{subject} has {width}x{height} pixels, which are more than {max}, the limit that "
                + $"{nameof(PictureLimits)}.{nameof(PictureLimits.MaxPixels)} sets. {Remedy}"
        );

    public PictureException TooLongSide(int width, int height, int max) =>
        new(
            $"{subject} has {width}x{height} pixels, and a side is longer than {max}, the limit that "
                + $"{nameof(PictureLimits)}.{nameof(PictureLimits.MaxSide)} sets. {Remedy}"
        );
}
