using System.Net.Sockets;

namespace ModelBuild.Cli.Training.Tcp;

/// <summary>Sends bytes to the next worker of the ring in a thread of its own, so that both directions of the ring run at the same time.</summary>
internal sealed unsafe class RingSender : IDisposable
{
    private readonly Socket _socket;
    private readonly SemaphoreSlim _begin = new(0);
    private readonly SemaphoreSlim _end = new(0);
    private byte* _bytes;
    private int _length;
    private Exception? _fault;
    private volatile bool _isDisposed;

    /// <summary>Starts the thread that sends bytes.</summary>
    /// <param name="socket">The connection to the next worker.</param>
    public RingSender(Socket socket)
    {
        _socket = socket;
        new Thread(Work) { IsBackground = true, Name = "ring" }.Start();
    }

    /// <summary>Begins to send bytes, whose memory must not move until <see cref="Wait"/> returns.</summary>
    public void Begin(byte* bytes, int length)
    {
        _bytes = bytes;
        (_length, _fault) = (length, null);
        _begin.Release();
    }

    /// <summary>Waits until all bytes are sent, or the connection has failed.</summary>
    /// <returns>The exception of the connection; null if all bytes are sent.</returns>
    public Exception? Wait()
    {
        _end.Wait();
        return _fault;
    }

    public void Dispose()
    {
        _isDisposed = true;
        _begin.Release();
    }

    private void Work()
    {
        while (true)
        {
            _begin.Wait();
            if (_isDisposed)
                return;
            try
            {
                _socket.SendAll(new ReadOnlySpan<byte>(_bytes, _length));
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
            {
                _fault = exception;
            }

            _end.Release();
        }
    }
}
