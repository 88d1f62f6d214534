using System.Text;
using ModelBuild.Compression.Diagnostics;

namespace ModelBuild.Cli.Data.Files;

/// <summary>Reads text files, which must be UTF-8.</summary>
internal static class StrictText
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads a text file without its byte order mark.</summary>
    /// <param name="file">The path of the file.</param>
    /// <exception cref="CompressionException">MB1019: the file cannot be read, or it is not UTF-8.</exception>
    public static string Read(string file)
    {
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw DataFault.Of(file, $"The file cannot be read: {exception.Message}", exception);
        }

        var content = bytes.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? bytes.AsSpan(Encoding.UTF8.Preamble.Length) : bytes;
        try
        {
            return Utf8.GetString(content);
        }
        catch (DecoderFallbackException exception)
        {
            var line = 1 + content[..Math.Clamp(exception.Index, 0, content.Length)].Count((byte)'\n');
            throw DataFault.Of(new DataPlace(file, line), "is not UTF-8. Save the file as UTF-8.", exception);
        }
    }

    /// <summary>Returns the lines of a file that are not blank, without white space at their ends.</summary>
    /// <param name="file">The path of the file.</param>
    /// <exception cref="CompressionException">MB1019: the file cannot be read, or it is not UTF-8.</exception>
    public static IEnumerable<(string Line, DataPlace Place)> Lines(string file)
    {
        var number = 0;
        foreach (var line in Read(file).Split('\n'))
        {
            number++;
            var text = line.Trim();
            if (text.Length > 0)
                yield return (text, new DataPlace(file, number));
        }
    }
}
