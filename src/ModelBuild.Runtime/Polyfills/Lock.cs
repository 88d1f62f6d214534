#pragma warning disable CS9216 // This type uses its own monitor as the lock.
namespace System.Threading;

/// <summary>Provides the class Lock of .NET 9 and later on older frameworks, based on a monitor.</summary>
internal sealed class Lock
{
    /// <summary>Waits until the calling thread holds the lock.</summary>
    public void Enter() => Monitor.Enter(this);

    /// <summary>Releases the lock.</summary>
    public void Exit() => Monitor.Exit(this);

    /// <summary>Waits until the calling thread holds the lock, and returns an object that releases it. The <c>lock</c> statement calls this method.</summary>
    public Scope EnterScope()
    {
        Enter();
        return new Scope(this);
    }

    /// <summary>Releases the lock when it is disposed.</summary>
    public readonly ref struct Scope(Lock taken)
    {
        /// <summary>Releases the lock.</summary>
        public void Dispose() => taken.Exit();
    }
}
