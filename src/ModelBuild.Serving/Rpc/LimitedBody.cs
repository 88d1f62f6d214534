using Grpc.Core;
using Microsoft.AspNetCore.Http;
using ModelBuild.Serving.Limits;

namespace ModelBuild.Serving.Rpc;

/// <summary>
/// Counts the bytes of a message while the gRPC library reads them, and ends the call when they are too many or too slow. The library keeps the whole message
/// in memory.
/// </summary>
internal sealed class LimitedBody : Stream
{
    private readonly Stream _body;
    private readonly RequestLimits _limits;
    private readonly CancellationTokenSource _deadline;
    private long _reserved;

    public LimitedBody(HttpContext context, RequestLimits limits)
    {
        (_body, _limits) = (context.Request.Body, limits);
        _deadline = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        _deadline.CancelAfter(limits.Options.ReadTimeout);
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int read;
        try
        {
            read = await _body.ReadAsync(buffer, _deadline.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException exception)
        {
            throw new RpcException(new Status(StatusCode.DeadlineExceeded, "The message did not arrive in time.", exception));
        }

        try
        {
            _limits.Reserve(read);
        }
        catch (ServingException exception)
        {
            throw new RpcException(new Status(RpcStatus.Of(exception.Status), exception.Message));
        }

        _reserved += read;
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _limits.Release(_reserved);
            _reserved = 0;
            _deadline.Dispose();
        }

        base.Dispose(disposing);
    }
}
