namespace ModelBuild.Runtime.Providers;

/// <summary>Holds a device lock until it is disposed. When the device needs no lock, the structure has no effect.</summary>
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
