using System.Text.RegularExpressions;

namespace ModelBuild.Tasks.Program;

/// <summary>
/// Represents one line of the program's output. MSBuild's own parser of canonical messages is not used, because it takes <c>model(1).onnx</c> for a file with a
/// line number and ends the path at the colon of <c>input:0.onnx</c>.
/// </summary>
/// <param name="Text">The message, or the whole line if it is information.</param>
/// <param name="File">The file that an error or warning is about; it may be empty.</param>
/// <param name="Code">The diagnostic's code; null if the line is information.</param>
/// <param name="IsError">Whether the line is an error.</param>
internal sealed record ProgramLine(string Text, string File, string? Code, bool IsError)
{
    private static readonly Regex Canonical = new(
        @"^(?:(?<file>.+?)\s*:\s*)?(?<kind>error|warning) (?<code>MB\d{4}):\s*(?<text>.*)$",
        RegexOptions.CultureInvariant
    );

    /// <summary>Parses a line: <c>FILE : error MB1003: text</c> is an error, a warning has the same form, and every other line is information.</summary>
    public static ProgramLine Parse(string line)
    {
        var match = Canonical.Match(line);
        return match.Success
            ? new ProgramLine(match.Groups["text"].Value, match.Groups["file"].Value, match.Groups["code"].Value, match.Groups["kind"].Value == "error")
            : new ProgramLine(line, "", null, false);
    }
}
