#pragma warning disable CS9216 // The monitor of this type is the lock.
namespace System.Threading;

/// <summary>The lock of .NET 9 and newer, built on a monitor. Compiled for older frameworks only.</summary>
internal sealed class Lock
{
    /// <summary>Waits until the calling thread holds the lock.</summary>
    public void Enter() => Monitor.Enter(this);

    /// <summary>Gives the lock back.</summary>
    public void Exit() => Monitor.Exit(this);

    /// <summary>Waits until the calling thread holds the lock. The <c>lock</c> statement calls this method.</summary>
    public Scope EnterScope()
    {
        Enter();
        return new Scope(this);
    }

    /// <summary>Gives the lock back when it is disposed.</summary>
    public readonly ref struct Scope(Lock taken)
    {
        /// <summary>Gives the lock back.</summary>
        public void Dispose() => taken.Exit();
    }
}
