namespace ModelBuild.Runtime.Providers;

/// <summary>Holds a device lock until it is disposed. When the device needs no lock, the structure has no effect.</summary>
internal readonly struct DeviceLock : IDisposable
{
    private readonly Lock? _lock;

    public DeviceLock(Lock? deviceLock)
    {
        _lock = deviceLock;
        deviceLock?.Enter();
    }

    public void Dispose() => _lock?.Exit();
}
