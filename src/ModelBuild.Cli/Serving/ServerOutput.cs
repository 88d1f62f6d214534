namespace ModelBuild.Cli.Serving;

/// <summary>
/// Reads the lines that the serving process writes to its standard output. One of them is its answer. Native libraries can write other lines, which are
/// messages for users.
/// </summary>
/// <param name="errors">Receives all other lines.</param>
internal sealed class ServerOutput(ServerErrors errors)
{
    private readonly TaskCompletionSource<ServeAnswer?> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Adds a line of the standard output.</summary>
    /// <param name="line">The line; null at the end.</param>
    public void Add(string? line)
    {
        if (line is null)
            _answer.TrySetResult(null);
        else if (!_answer.Task.IsCompleted && ServeMessages.Read<ServeAnswer>(line) is { } answer && (answer.Address ?? answer.Failure?.Code) is not null)
            _answer.TrySetResult(answer);
        else
            errors.Add(line);
    }

    /// <summary>Waits for the answer of the serving process; null if the output ends without one.</summary>
    public ServeAnswer? WaitForAnswer() => _answer.Task.GetAwaiter().GetResult();
}
