using System.Globalization;
using System.Text;
using System.Text.Json;

namespace ModelBuild.Compression.Descriptions;

/// <summary>
/// Reads the preparation of images from Hugging Face's <c>preprocessor_config.json</c>. Sizes with a limit for the longer side, sizes that are rounded to a
/// multiple, and padding have no description; a file with one of them is ignored.
/// </summary>
internal static class HuggingFaceImage
{
    private const double ByteFactor = 1.0 / 255;
    private const int StretchedFrom = 384;
    private const string Levit = "Levit";
    private const string MobileVit = "MobileViT";

    // For models of LeViT, the image is resized to the size times this factor before it is cropped.
    private const double LevitScale = 256.0 / 224;

    // The image processors for which a single number as size is the length of the shorter side. For all others, the number is the length of both sides.
    private static readonly string[] ShorterSide = ["Bit", "ChineseCLIP", "CLIP", "ConvNext", Levit, "MobileNetV1", "MobileNetV2", MobileVit, "PoolFormer"];

    // The interpolation filters of resize by the numbers that they have in PIL.
    private static readonly Dictionary<int, string> Filters = new()
    {
        [0] = ", nearest-exact",
        [2] = "",
        [3] = ", bicubic",
    };

    /// <summary>Returns the description of images; null if the document describes no image, or a preparation that descriptions cannot express.</summary>
    public static string? Describe(JsonElement root)
    {
        var isImage =
            root.ValueKind == JsonValueKind.Object
            && (root.TryGetProperty("image_processor_type", out _) || root.TryGetProperty("image_mean", out _) || root.TryGetProperty("crop_size", out _));
        if (!isImage || Flag(root, "keep_aspect_ratio", false) || Flag(root, "do_pad", false) || root.TryGetProperty("size_divisor", out _))
            return null;
        var text = new StringBuilder(Flag(root, "do_flip_channel_order", IsOf(root, MobileVit)) ? "bgr" : "rgb");
        if (Flag(root, "do_resize", true))
        {
            if (Resize(root) is not { } resize)
                return null;
            text.Append(resize);
        }

        if (Flag(root, "do_center_crop", root.TryGetProperty("crop_size", out _)) && Sides(root, "crop_size") is { } crop)
            text.Append(' ').Append(Step("crop", crop.Width, crop.Height, ""));
        if (Flag(root, "do_rescale", true))
            text.Append(CultureInfo.InvariantCulture, $" scale({Factor(Number(root, "rescale_factor") ?? ByteFactor)})");
        if (Flag(root, "do_normalize", root.TryGetProperty("image_mean", out _)))
            text.Append(Values("mean", root, "image_mean")).Append(Values("std", root, "image_std"));
        return text.ToString();
    }

    private static string? Resize(JsonElement root)
    {
        if (Number(root, "resample") is { } resample && !Filters.ContainsKey((int)resample))
            return null;
        var filter = Filters[(int)(Number(root, "resample") ?? 2)];
        if (Number(root, "max_size") is not null || !root.TryGetProperty("size", out var size))
            return null;
        if (ShortestEdge(root, size) is { } shortest)
        {
            if (IsOf(root, Levit))
                return string.Create(CultureInfo.InvariantCulture, $" resize({(int)(LevitScale * shortest)}{filter})");
            // ConvNeXT and PoolFormer scale the shorter side of the image so that the crop leaves the share 'crop_pct' of it. ConvNeXT stretches larger images
            // instead.
            if (Number(root, "crop_pct") is not { } part)
                return string.Create(CultureInfo.InvariantCulture, $" resize({shortest}{filter})");
            return shortest >= StretchedFrom && IsOf(root, "ConvNext")
                ? " " + Step("resize", shortest, shortest, filter)
                : string.Create(CultureInfo.InvariantCulture, $" resize({(int)(shortest / part)}{filter}) crop({shortest})");
        }

        return Sides(root, "size") is { } sides ? " " + Step("resize", sides.Width, sides.Height, filter) : null;
    }

    // Returns the length in pixels of the shorter side after resizing; null if the size is given otherwise. Older files have one number, whose meaning depends
    // on the class.
    private static int? ShortestEdge(JsonElement root, JsonElement size) =>
        size.ValueKind == JsonValueKind.Number
            ? ShorterSide.Any(name => IsOf(root, name)) || Number(root, "crop_pct") is not null
                ? size.GetInt32()
                : null
            : size.ValueKind == JsonValueKind.Object && size.TryGetProperty("shortest_edge", out var shortest) && !size.TryGetProperty("longest_edge", out _)
                ? shortest.GetInt32()
                : null;

    private static bool IsOf(JsonElement root, string name) =>
        new[] { "image_processor_type", "feature_extractor_type" }.Any(property =>
            root.TryGetProperty(property, out var type)
            && type.ValueKind == JsonValueKind.String
            && type.GetString()!.StartsWith(name, StringComparison.OrdinalIgnoreCase)
        );

    // Reads the width and height in pixels from a member of the document. A single number is the length of both sides.
    private static (int Width, int Height)? Sides(JsonElement root, string name)
    {
        if (!root.TryGetProperty(name, out var size))
            return null;
        if (size.ValueKind == JsonValueKind.Number)
            return (size.GetInt32(), size.GetInt32());
        return size.ValueKind == JsonValueKind.Object && size.TryGetProperty("width", out var width) && size.TryGetProperty("height", out var height)
            ? (width.GetInt32(), height.GetInt32())
            : null;
    }

    private static string Step(string name, int width, int height, string filter) =>
        string.Create(CultureInfo.InvariantCulture, $"{name}({width},{height}{filter})");

    private static string Values(string step, JsonElement root, string name) =>
        root.TryGetProperty(name, out var values) && values.ValueKind == JsonValueKind.Array
            ? $" {step}({string.Join(",", values.EnumerateArray().Select(value => Text(value.GetDouble())))})"
            : "";

    private static string Factor(double factor) => Math.Abs(factor - ByteFactor) < 1e-9 ? "1/255" : Text(factor);

    private static string Text(double number) => number.ToString("R", CultureInfo.InvariantCulture);

    private static bool Flag(JsonElement root, string name, bool whenMissing) =>
        root.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : whenMissing;

    private static double? Number(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : null;
}
