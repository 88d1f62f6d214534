namespace ModelBuild.Tasks.Program;

/// <summary>What the program said, as far as it matters when it fails without a word of its own.</summary>
internal sealed class ProgramReport
{
    private const string Unhandled = "Unhandled exception. ";
    private readonly List<string> _lines = [];

    /// <summary>Whether one of the lines was an error that the build shows.</summary>
    public bool HasErrors { get; private set; }

    /// <summary>The line that tells most: of an exception that nothing handled, or else the last one; null when there is none.</summary>
    public string? Cause =>
        _lines.LastOrDefault(line => line.StartsWith(Unhandled, StringComparison.Ordinal))?.Substring(Unhandled.Length)
        ?? _lines.LastOrDefault(line => line.Trim().Length > 0);

    /// <summary>All of it.</summary>
    public string Text => string.Join("\n", _lines) + "\n";

    /// <summary>Takes a line and reads it.</summary>
    public ProgramLine Add(string text)
    {
        var line = ProgramLine.Parse(text);
        HasErrors |= line.IsError;
        _lines.Add(text);
        return line;
    }
}
