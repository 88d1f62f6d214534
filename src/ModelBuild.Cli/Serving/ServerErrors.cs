namespace ModelBuild.Cli.Serving;

/// <summary>
/// The lines that the process that serves writes to its standard error. They are held back until it listens, because a failure before is one message.
/// </summary>
internal sealed class ServerErrors
{
    private readonly List<string> _held = [];
    private readonly Lock _lock = new();
    private bool _isShown;

    /// <summary>Gets the last line; null if there is none.</summary>
    public string? Last { get; private set; }

    /// <summary>Adds a line, which is shown now or later.</summary>
    /// <param name="line">The line; null at the end.</param>
    public void Add(string? line)
    {
        if (string.IsNullOrWhiteSpace(line))
            return;
        lock (_lock)
        {
            Last = line.Trim();
            if (_isShown)
                Console.Error.WriteLine(line);
            else
                _held.Add(line);
        }
    }

    /// <summary>Shows the lines so far and all later ones.</summary>
    public void Show()
    {
        lock (_lock)
        {
            _isShown = true;
            foreach (var line in _held)
                Console.Error.WriteLine(line);
        }
    }
}
