using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace ModelBuild.Compression.Options;

/// <summary>Random changes of images in training, such as <c>flip+shift(2)+noise(0.1)</c>.</summary>
/// <param name="Flip">Whether left and right change places in half of the images.</param>
/// <param name="Shift">The largest number of pixels by which an image moves in each direction; 0 for none.</param>
/// <param name="Crop">The number of pixels that are added on each side before a part of the image's size is taken; 0 for none.</param>
/// <param name="Noise">The standard deviation of normal noise as a multiple of that of the image; 0 for none.</param>
internal sealed record Augmentations(bool Flip = false, int Shift = 0, int Crop = 0, double Noise = 0)
{
    /// <summary>The description of the valid texts of the option, for error messages.</summary>
    public const string Form = "flip, shift(n), crop(n) or noise(s), or some of them joined by +, such as flip+shift(2)";

    /// <summary>The value for no changes of images, which recipes write as <c>none</c>.</summary>
    public static Augmentations None { get; } = new();

    /// <summary>Reads the text of an option. Returns false when a part is unknown, occurs twice or has a number that is not above 0.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out Augmentations? augmentations)
    {
        augmentations = null;
        var result = None;
        if (text == "none")
        {
            augmentations = result;
            return true;
        }

        foreach (var part in string.Concat(QuotedText.Unescape(text).Select(c => c.Value)).Split('+', StringSplitOptions.TrimEntries))
        {
            if (result.With(part) is not { } next || next == result)
                return false;
            result = next;
        }

        augmentations = result;
        return true;
    }

    /// <summary>Returns the changes of images as recipes write them.</summary>
    public override string ToString() =>
        this == None
            ? "none"
            : string.Join(
                '+',
                new[]
                {
                    Flip ? "flip" : null,
                    Shift > 0 ? string.Create(CultureInfo.InvariantCulture, $"shift({Shift})") : null,
                    Crop > 0 ? string.Create(CultureInfo.InvariantCulture, $"crop({Crop})") : null,
                    Noise > 0 ? string.Create(CultureInfo.InvariantCulture, $"noise({Noise})") : null,
                }.OfType<string>()
            );

    // Returns a copy with one more change of images. The result is null if the text of the change is unknown or the record has the change already.
    private Augmentations? With(string part)
    {
        if (part == "flip")
            return this with { Flip = true };
        var open = part.IndexOf('(', StringComparison.Ordinal);
        if (open < 0 || part[^1] != ')')
            return null;
        var number = part[(open + 1)..^1].Trim();
        return (part[..open].Trim(), int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var pixels) && pixels > 0) switch
        {
            ("shift", true) when Shift == 0 => this with { Shift = pixels },
            ("crop", true) when Crop == 0 => this with { Crop = pixels },
            ("noise", _) when Noise == 0 && Scale(number) is { } scale => this with { Noise = scale },
            _ => null,
        };
    }

    private static double? Scale(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var scale) && double.IsFinite(scale) && scale > 0 ? scale : null;
}
