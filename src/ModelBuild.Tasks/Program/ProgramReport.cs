namespace ModelBuild.Tasks.Program;

/// <summary>Collects the output of the program, for the case that it fails without reporting an error.</summary>
internal sealed class ProgramReport
{
    private const string Unhandled = "Unhandled exception. ";
    private readonly List<string> _lines = [];

    /// <summary>Gets whether the output has an error that the build reports.</summary>
    public bool HasErrors { get; private set; }

    /// <summary>Gets the line of the output that reports an unhandled exception, or else the last line; null if there is no output.</summary>
    public string? Cause =>
        _lines.LastOrDefault(line => line.StartsWith(Unhandled, StringComparison.Ordinal))?.Substring(Unhandled.Length)
        ?? _lines.LastOrDefault(line => line.Trim().Length > 0);

    /// <summary>Gets the whole output of the program.</summary>
    public string Text => string.Join("\n", _lines) + "\n";

    /// <summary>Adds a line of the output, and returns the line with its parts.</summary>
    public ProgramLine Add(string text)
    {
        var line = ProgramLine.Parse(text);
        HasErrors |= line.IsError;
        _lines.Add(text);
        return line;
    }
}
