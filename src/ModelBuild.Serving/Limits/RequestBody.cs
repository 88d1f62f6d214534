using System.Buffers;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace ModelBuild.Serving.Limits;

/// <summary>
/// Reads the body of a request into memory, which grows with the bytes that arrive. The declared length is compared with the limits, but no memory is allocated
/// for it.
/// </summary>
internal sealed class RequestBody(RequestLimits limits) : IDisposable
{
    private const int FirstCapacity = ModelServingOptions.SmallestBody;

    private byte[] _bytes = [];
    private int _length;

    /// <summary>Gets the bytes of the body that were read.</summary>
    public ReadOnlyMemory<byte> Bytes => _bytes.AsMemory(0, _length);

    /// <summary>Reads the body of a request to its end.</summary>
    /// <exception cref="ServingException">The body is too large, arrives too slowly, or the requests occupy too much memory.</exception>
    /// <exception cref="OperationCanceledException">The caller closed the connection.</exception>
    public async Task ReadAsync(HttpContext context)
    {
        var max = limits.Options.MaxRequestBytes;
        if (context.Request.ContentLength > max)
            throw TooLarge(max);
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } feature)
            feature.MaxRequestBodySize = max;
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        deadline.CancelAfter(limits.Options.ReadTimeout);
        try
        {
            while (true)
            {
                if (_length == _bytes.Length)
                    Grow(context.Request.ContentLength ?? max);
                var read = await context.Request.Body.ReadAsync(_bytes.AsMemory(_length), deadline.Token).ConfigureAwait(false);
                if (read == 0)
                    return;
                _length += read;
                if (_length > max)
                    throw TooLarge(max);
            }
        }
        catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
        {
            throw new ServingException(
                StatusCodes.Status408RequestTimeout,
                $"The body did not arrive within {limits.Options.ReadTimeout.TotalSeconds} seconds."
            );
        }
        catch (BadHttpRequestException exception)
        {
            throw exception.StatusCode == StatusCodes.Status413PayloadTooLarge
                ? TooLarge(max)
                : new ServingException(exception.StatusCode, exception.Message, exception);
        }
        catch (IOException exception)
        {
            throw ServingException.BadRequest("The connection ended before the body.", exception);
        }
    }

    public void Dispose()
    {
        if (_bytes.Length == 0)
            return;
        limits.Release(_bytes.Length);
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = [];
    }

    /// <summary>Doubles the buffer of the body, up to one byte more than the body may have.</summary>
    private void Grow(long length)
    {
        var wanted = (int)Math.Min(Math.Max(FirstCapacity, _bytes.Length * 2L), Math.Max(FirstCapacity, length + 1));
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(wanted, _bytes.Length + 1));
        try
        {
            limits.Reserve(larger.Length);
        }
        catch
        {
            ArrayPool<byte>.Shared.Return(larger);
            throw;
        }

        Bytes.Span.CopyTo(larger);
        var smaller = _bytes;
        _bytes = larger;
        if (smaller.Length == 0)
            return;
        limits.Release(smaller.Length);
        ArrayPool<byte>.Shared.Return(smaller);
    }

    private static ServingException TooLarge(int max) => new(StatusCodes.Status413PayloadTooLarge, $"The body has more than {max} bytes.");
}
