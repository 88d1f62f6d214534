namespace ModelBuild.Runtime.Providers;

/// <summary>Keeps others away from a provider that can do one thing at a time, until it is disposed. Without a lock there is nothing to wait for.</summary>
internal readonly struct Turn : IDisposable
{
    private readonly Lock? _turns;

    public Turn(Lock? turns)
    {
        _turns = turns;
        turns?.Enter();
    }

    public void Dispose() => _turns?.Exit();
}
