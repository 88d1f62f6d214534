namespace ModelBuild.Onnx;

/// <summary>A write-only stream whose writes can be cancelled.</summary>
/// <param name="inner">The stream that receives the bytes.</param>
/// <param name="onWritten">A callback after each 16 MB.</param>
/// <param name="cancellationToken">A token that cancels the writes.</param>
internal sealed class CancellableStream(Stream inner, Action onWritten, CancellationToken cancellationToken) : Stream
{
    private const int Piece = 16 << 20;

    private long _sinceCall;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => inner.Length;

    public override long Position
    {
        get => inner.Position;
        set => throw new NotSupportedException();
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var piece = buffer[..Math.Min(buffer.Length, Piece)];
            inner.Write(piece);
            buffer = buffer[piece.Length..];
            _sinceCall += piece.Length;
            if (_sinceCall < Piece)
                continue;
            _sinceCall = 0;
            onWritten();
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush() => inner.Flush();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            inner.Dispose();
        base.Dispose(disposing);
    }
}
