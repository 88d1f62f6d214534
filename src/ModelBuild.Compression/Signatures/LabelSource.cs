using ModelBuild.Compression.Diagnostics;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Signatures;

/// <summary>
/// Reads class names from a file (one label per line, or JSON), or from a key of the model's metadata (JSON, the text of a Python list or dictionary, or a
/// list separated by line breaks or commas).
/// </summary>
internal static class LabelSource
{
    private const string MetadataPrefix = "metadata:";

    /// <summary>
    /// Reads the labels from <paramref name="source"/>: a file's path, or <c>metadata:KEY</c>. The result is empty when the source is null.
    /// </summary>
    /// <exception cref="CompressionException">MB1020: the file or the key is missing, or it holds no labels.</exception>
    public static IReadOnlyList<string> Read(string? source, OnnxModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (string.IsNullOrEmpty(source))
            return [];
        var labels = ReadAny(source, model);
        return labels.Count > 0
            ? labels
            : throw new CompressionException(
                Codes.Labels,
                source.StartsWith(MetadataPrefix, StringComparison.Ordinal)
                    ? $"The model's metadata '{source[MetadataPrefix.Length..]}' has no labels, because it is empty."
                    : "The file has no labels, because it is empty. Write one class per line, or JSON.",
                source.StartsWith(MetadataPrefix, StringComparison.Ordinal) ? null : source
            );
    }

    private static IReadOnlyList<string> ReadAny(string source, OnnxModel model)
    {
        if (source.StartsWith(MetadataPrefix, StringComparison.Ordinal))
        {
            var key = source[MetadataPrefix.Length..];
            var text =
                model.GetMetadata(key)
                ?? throw new CompressionException(
                    Codes.Labels,
                    $"The model's metadata has no key '{key}' with labels. "
                        + $"It has: {string.Join(", ", model.Proto.MetadataProps.Select(entry => entry.Key))}."
                );
            // Metadata that starts like JSON but is not valid JSON is read as a plain list of labels.
            return Structured(text, $"The model's metadata '{key}'", file: null) ?? LabelText.Plain(text);
        }

        try
        {
            var text = File.ReadAllText(source);
            return Structured(text, "The file", source)
                ?? (
                    source.EndsWith(".json", StringComparison.OrdinalIgnoreCase)
                        ? throw new CompressionException(Codes.Labels, "The labels cannot be read: the file is not JSON.", source)
                        : LabelText.Plain(text.Contains('\n', StringComparison.Ordinal) ? text : text + "\n")
                );
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CompressionException(Codes.Labels, $"The labels cannot be read: {exception.Message}", source, exception);
        }
    }

    private static IReadOnlyList<string>? Structured(string text, string what, string? file)
    {
        try
        {
            return LabelText.Structured(text);
        }
        catch (FormatException exception)
        {
            throw new CompressionException(Codes.Labels, $"{what} holds no labels: {exception.Message}.", file, exception);
        }
    }
}
