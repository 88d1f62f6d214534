using System.Globalization;
using System.Text.Json;
using ModelBuild.Compression.Signatures;

namespace ModelBuild.Compression.Descriptions;

/// <summary>Reads the metadata that Ultralytics' exporter writes into a model: <c>names</c>, <c>imgsz</c>, <c>task</c> and <c>kpt_shape</c>.</summary>
internal static class UltralyticsMetadata
{
    private const string Source = "the metadata of Ultralytics";

    /// <summary>Reads the descriptions and labels with a function that returns a metadata entry by its key.</summary>
    public static FoundDescription Read(Func<string, string?> metadata)
    {
        var found = new FoundDescription(Source);
        // Metadata of Ultralytics is recognized by three of its keys. The entry "author" is not used, because a user may have changed it. The key "task" alone
        // is not sufficient, because other exporters write it as well.
        if (metadata("stride") is null || metadata("task") is not { } task || Numbers(metadata("imgsz")) is not [var height, var width])
            return found;
        var size = height == width ? Text(width) : $"{Text(width)},{Text(height)}";
        var image =
            task == "classify"
                ? $"rgb resize({Text(Math.Min(width, height))}) crop({size}) scale(1/255)"
                : $"rgb letterbox({size}, antialias=false) scale(1/255)";
        var texts = new Dictionary<ItemField, string> { [ItemMetadata.Image] = image };
        if (Boxes(task, metadata) is { } boxes)
            texts.Add(ItemMetadata.Boxes, boxes);
        return found with { Texts = texts, Labels = metadata("names") is { } names ? LabelText.Structured(names) ?? [] : [] };
    }

    private static string? Boxes(string task, Func<string, string?> metadata)
    {
        var isFinal = metadata("end2end") is { } text && text.Equals("true", StringComparison.OrdinalIgnoreCase);
        var layout = isFinal ? "yolov10" : "yolo";
        var overlap = isFinal ? "" : " nms(0.7)";
        return task switch
        {
            "detect" or "segment" => layout + overlap,
            "pose" when Numbers(metadata("kpt_shape")) is [var points, var values] => $"{layout} points({Text(points)},{Text(values)}){overlap}",
            _ => null,
        };
    }

    private static int[]? Numbers(string? text)
    {
        if (text is null)
            return null;
        try
        {
            using var document = JsonDocument.Parse(PythonLiteral.ToJson(text));
            return document.RootElement.ValueKind == JsonValueKind.Array
                ? [.. document.RootElement.EnumerateArray().Select(number => number.GetInt32())]
                : null;
        }
        catch (Exception exception) when (exception is JsonException or FormatException or InvalidOperationException)
        {
            return null;
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
