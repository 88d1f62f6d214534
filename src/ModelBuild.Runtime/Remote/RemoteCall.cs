using System.Buffers;
using System.Globalization;
using System.Net.Http.Headers;
using Microsoft.ML.OnnxRuntime;
using ModelBuild.Runtime.Calls;
using ModelBuild.Runtime.Engines;

namespace ModelBuild.Runtime.Remote;

/// <summary>Runs one call on a server. The memory of the request and of the answer is reused by later runs.</summary>
internal sealed class RemoteCall(RemoteServer server, bool isBinary, CallTensors tensors) : EngineCall
{
    /// <summary>The largest number of bytes of memory that is kept for later runs.</summary>
    private const int MaxKeptBytes = 16 * 1024 * 1024;

    private readonly string _address = server.ModelAddress + "/infer";
    private ArrayBufferWriter<byte> _request = new();
    private ReceivedBody _answer = new(server.MaxResponseBytes);

    /// <summary>Runs the call while the thread of the caller waits.</summary>
    public override void Run(RunOptions options) => Task.Run(() => RunAsync(CancellationToken.None)).GetAwaiter().GetResult();

    public override async Task RunAsync(CancellationToken cancellationToken)
    {
        for (var i = 0; i < tensors.Inputs.Length; i++)
            tensors.Inputs[i].SetShape(tensors.InputShape(i), tensors.Inputs[i].Length);
        _request.ResetWrittenCount();
        var header = RemoteRequest.Write(tensors, isBinary, _request);
        var attempts = 0;
        var isDone = false;
        try
        {
            await server
                .SendAsync(
                    () =>
                    {
                        attempts++;
                        return Create(header);
                    },
                    ReadAsync,
                    cancellationToken
                )
                .ConfigureAwait(false);
            isDone = true;
        }
        finally
        {
            // The memory is not reused if a connection that is being closed, or whose request was refused before its end, may still read it. Another run must
            // not write to this memory.
            if (!isDone || attempts > 1 || _request.Capacity > MaxKeptBytes)
                _request = new ArrayBufferWriter<byte>();
            if (!isDone || _answer.Capacity > MaxKeptBytes)
                _answer = new ReceivedBody(server.MaxResponseBytes);
        }
    }

    public override void Dispose() { }

    private HttpRequestMessage Create(int header)
    {
        var content = new ReadOnlyMemoryContent(_request.WrittenMemory);
        content.Headers.ContentType = new MediaTypeHeaderValue(isBinary ? InferenceNames.BinaryType : InferenceNames.JsonType);
        var request = new HttpRequestMessage(HttpMethod.Post, _address) { Content = content };
        if (isBinary)
            request.Headers.Add(InferenceNames.HeaderLength, header.ToString(CultureInfo.InvariantCulture));
        return request;
    }

    private async Task ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        await _answer.ReadAsync(response.Content, cancellationToken).ConfigureAwait(false);
        try
        {
            RemoteResponse.Read(_answer.Bytes, HeaderLength(response), tensors);
        }
        catch (Exception exception) when (exception is FormatException or System.Text.Json.JsonException or ArgumentException)
        {
            throw new RemoteModelException($"The answer of '{_address}' is not one of the protocol: {exception.Message}", exception);
        }
    }

    private int HeaderLength(HttpResponseMessage response)
    {
        if (!response.Headers.TryGetValues(InferenceNames.HeaderLength, out var values))
            return _answer.Bytes.Length;
        return int.TryParse(values.First(), NumberStyles.None, CultureInfo.InvariantCulture, out var length) && length <= _answer.Bytes.Length
            ? length
            : throw new FormatException($"the header '{InferenceNames.HeaderLength}' is no length within the answer");
    }
}
