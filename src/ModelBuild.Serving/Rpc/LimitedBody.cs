using Grpc.Core;
using Microsoft.AspNetCore.Http;
using ModelBuild.Serving.Limits;

namespace ModelBuild.Serving.Rpc;

/// <summary>
/// Counts the bytes of a gRPC message while the gRPC library reads them, and ends the call when the message is too large or arrives too slowly. The library
/// keeps the whole message in memory.
/// </summary>
internal sealed class LimitedBody : Stream
{
    private const int MaxOtherBytes = 64 * 1024;

    private readonly Stream _body;
    private readonly RequestLimits _limits;
    private readonly CancellationTokenSource _deadline;
    private readonly MessageCounter? _message;
    private long _reserved;

    /// <summary>Initializes a new instance of the <see cref="LimitedBody"/> class for the body of a call.</summary>
    /// <param name="context">The HTTP context of the call.</param>
    /// <param name="limits">The limits of the server.</param>
    /// <param name="isInference">Whether the message is an inference request. The messages of other calls have at most <see cref="MaxOtherBytes"/>.</param>
    public LimitedBody(HttpContext context, RequestLimits limits, bool isInference)
    {
        (_body, _limits, _message) = (context.Request.Body, limits, isInference ? new MessageCounter() : null);
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

        Reserve(read);
        if (_message is not null)
            Reserve(_message.Add(buffer.Span[..read]));
        else if (_reserved > MaxOtherBytes)
            throw new RpcException(new Status(StatusCode.ResourceExhausted, $"The message has more than {MaxOtherBytes} bytes."));
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private void Reserve(long bytes)
    {
        // A message that is larger than the whole limit is refused at once, because waiting for memory would not help.
        if (_reserved + bytes > _limits.Options.MaxBufferedBytes)
            throw new RpcException(
                new Status(StatusCode.ResourceExhausted, $"The message takes more than the {_limits.Options.MaxBufferedBytes} bytes that the server allows.")
            );
        try
        {
            _limits.Reserve(bytes);
        }
        catch (ServingException exception)
        {
            throw new RpcException(new Status(RpcStatus.Of(exception.Status), exception.Message));
        }

        _reserved += bytes;
    }

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
