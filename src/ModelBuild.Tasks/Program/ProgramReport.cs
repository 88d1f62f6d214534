namespace ModelBuild.Tasks.Program;

/// <summary>What the program said, as far as it matters when it fails without a word of its own.</summary>
internal sealed class ProgramReport
{
    private const int _tailLines = 12;
    private readonly Queue<string> _tail = new();

    /// <summary>Whether one of the lines was an error that the build shows.</summary>
    public bool HasErrors { get; private set; }

    /// <summary>The last lines.</summary>
    public string Tail => _tail.Count == 0 ? "It printed nothing." : "It printed last:" + Environment.NewLine + string.Join(Environment.NewLine, _tail);

    /// <summary>Takes a line and reads it.</summary>
    public ProgramLine Add(string text)
    {
        var line = ProgramLine.Parse(text);
        HasErrors |= line.IsError;
        _tail.Enqueue(text);
        if (_tail.Count > _tailLines)
            _tail.Dequeue();
        return line;
    }
}
