using System.Text.Json;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Signatures;

/// <summary>Reads class names from a text file (one a line), or from a key of the model's own metadata (a JSON array, or separated by line breaks or commas).</summary>
public static class LabelSource
{
    private const string MetadataPrefix = "metadata:";

    /// <summary>The labels that <paramref name="source"/> names: a file's path, or <c>metadata:KEY</c>; none when it is null.</summary>
    /// <exception cref="CompressionException">MB1020: the file or the key is missing.</exception>
    public static IReadOnlyList<string> Read(string? source, OnnxModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (string.IsNullOrEmpty(source))
            return [];
        if (source.StartsWith(MetadataPrefix, StringComparison.Ordinal))
        {
            var key = source[MetadataPrefix.Length..];
            return Split(model.GetMetadata(key) ?? throw new CompressionException(
                Codes.Labels,
                $"The model's metadata has no key '{key}' to take labels from. It has: {string.Join(", ", model.Proto.MetadataProps.Select(entry => entry.Key))}."));
        }

        try
        {
            return [.. File.ReadAllLines(source).Select(line => line.Trim()).Where(line => line.Length > 0)];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CompressionException(Codes.Labels, $"The labels cannot be read: {exception.Message}", source, exception);
        }
    }

    private static string[] Split(string text)
    {
        if (text.TrimStart().StartsWith('['))
        {
            try
            {
                return JsonSerializer.Deserialize<string[]>(text) ?? [];
            }
            catch (JsonException)
            {
                // Not JSON after all: a plain list whose first label begins with a bracket.
            }
        }

        var separator = text.Contains('\n', StringComparison.Ordinal) ? '\n' : ',';
        return text.Split(separator, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
    }
}
