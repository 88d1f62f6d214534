namespace ModelBuild.Cli.Serving;

/// <summary>
/// Collects the lines that the serving process writes to its standard error. The lines are shown only when the process listens, because a failure before that
/// is reported as one message.
/// </summary>
internal sealed class ServerErrors
{
    private const string Unhandled = "Unhandled exception";

    private readonly List<string> _held = [];
    private readonly Lock _lock = new();
    private bool _isShown;

    /// <summary>Adds a line. It is shown now if the server listens, and later otherwise.</summary>
    /// <param name="line">The line; null at the end.</param>
    public void Add(string? line)
    {
        if (string.IsNullOrWhiteSpace(line))
            return;
        lock (_lock)
            if (_isShown)
                Console.Error.WriteLine(line);
            else
                _held.Add(line);
    }

    /// <summary>Shows all lines so far, and from now on each line that is added.</summary>
    public void Show()
    {
        lock (_lock)
        {
            _isShown = true;
            foreach (var line in _held)
                Console.Error.WriteLine(line);
            _held.Clear();
        }
    }

    /// <summary>
    /// Returns the collected line that states why the process ended: the line of an exception, or else the last line; null if there is no line.
    /// </summary>
    public string? Reason()
    {
        lock (_lock)
            return (_held.Find(line => line.StartsWith(Unhandled, StringComparison.Ordinal)) ?? _held.LastOrDefault())?.Trim();
    }
}
