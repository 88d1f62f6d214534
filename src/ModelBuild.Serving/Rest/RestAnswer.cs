using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using ModelBuild.Serving.Limits;
using ModelBuild.Serving.Requests;

namespace ModelBuild.Serving.Rest;

/// <summary>
/// Writes the outputs of a run as the answer to a request. Large tensors are written in parts, so that an answer occupies little memory at a time.
/// </summary>
internal sealed class RestAnswer(HttpResponse response, InferenceRun run, string? id)
{
    private const int PartBytes = 64 * 1024;

    /// <summary>Writes the answer to the response.</summary>
    /// <exception cref="ServingException">JSON cannot represent an element of an output. In this case nothing has been written.</exception>
    public async Task WriteAsync(CancellationToken cancellationToken)
    {
        foreach (var output in run.Outputs)
            if (!output.IsBinary && output.Tensor.DataType != InferenceType.Bytes && !TensorJson.HasJson(output.Tensor.DataType, run.Bytes(output)))
                throw new ServingException(
                    StatusCodes.Status406NotAcceptable,
                    $"Output '{output.Tensor.Name}' has an element that is infinite or not a number, which JSON cannot represent. Request it as binary data."
                );
        if (run.Outputs.Any(output => output.IsBinary))
            await WriteBinaryAsync(cancellationToken).ConfigureAwait(false);
        else
            await WriteJsonAsync(response.BodyWriter, InferenceNames.JsonType, cancellationToken).ConfigureAwait(false);
    }

    private async Task WriteBinaryAsync(CancellationToken cancellationToken)
    {
        using var header = new MemoryStream();
        var pipe = PipeWriter.Create(header, new StreamPipeWriterOptions(leaveOpen: true));
        await WriteJsonAsync(pipe, InferenceNames.BinaryType, cancellationToken).ConfigureAwait(false);
        await pipe.CompleteAsync().ConfigureAwait(false);
        response.Headers[InferenceNames.HeaderLength] = header.Length.ToString(CultureInfo.InvariantCulture);
        response.ContentLength = header.Length + run.Outputs.Where(output => output.IsBinary).Sum(Size);
        await response.BodyWriter.WriteAsync(header.GetBuffer().AsMemory(0, (int)header.Length), cancellationToken).ConfigureAwait(false);
        foreach (var output in run.Outputs)
            if (output.IsBinary)
                await WriteBytesAsync(output, cancellationToken).ConfigureAwait(false);
    }

    private async Task WriteBytesAsync(InferenceOutput output, CancellationToken cancellationToken)
    {
        if (output.Tensor.DataType == InferenceType.Bytes)
        {
            var texts = new byte[Size(output)];
            TensorStrings.Write(run.Texts(output), texts);
            await response.BodyWriter.WriteAsync(texts, cancellationToken).ConfigureAwait(false);
            return;
        }

        for (var at = 0; at < run.Bytes(output).Length; at += PartBytes)
        {
            response.BodyWriter.Write(Part(run.Bytes(output), at));
            await response.BodyWriter.FlushAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task WriteJsonAsync(PipeWriter pipe, string contentType, CancellationToken cancellationToken)
    {
        response.ContentType = contentType;
        await using var json = new Utf8JsonWriter(pipe);
        json.WriteStartObject();
        json.WriteString(InferenceNames.ModelName, run.Model.Name);
        json.WriteString(InferenceNames.ModelVersion, run.Model.Version);
        if (id is not null)
            json.WriteString(InferenceNames.Id, id);
        json.WriteStartArray(InferenceNames.Outputs);
        foreach (var output in run.Outputs)
        {
            json.WriteStartObject();
            json.WriteString(InferenceNames.Name, output.Tensor.Name);
            json.WriteString(InferenceNames.DataType, output.Tensor.DataType);
            json.WriteStartArray(InferenceNames.Shape);
            foreach (var size in run.Shape(output))
                json.WriteNumberValue(size);
            json.WriteEndArray();
            if (output.IsBinary)
            {
                json.WriteStartObject(InferenceNames.Parameters);
                json.WriteNumber(InferenceNames.BinaryDataSize, Size(output));
                json.WriteEndObject();
            }
            else
            {
                json.WriteStartArray(InferenceNames.Data);
                await WriteElementsAsync(json, pipe, output, cancellationToken).ConfigureAwait(false);
                json.WriteEndArray();
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        await json.FlushAsync(cancellationToken).ConfigureAwait(false);
        await pipe.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task WriteElementsAsync(Utf8JsonWriter json, PipeWriter pipe, InferenceOutput output, CancellationToken cancellationToken)
    {
        if (output.Tensor.DataType == InferenceType.Bytes)
        {
            foreach (var text in run.Texts(output))
                json.WriteStringValue(text ?? "");
            return;
        }

        for (var at = 0; at < run.Bytes(output).Length; at += PartBytes)
        {
            TensorJson.TryWrite(json, output.Tensor.DataType, Part(run.Bytes(output), at));
            await json.FlushAsync(cancellationToken).ConfigureAwait(false);
            await pipe.FlushAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private long Size(InferenceOutput output) =>
        output.Tensor.DataType == InferenceType.Bytes ? TensorStrings.Size(run.Texts(output)) : run.Bytes(output).Length;

    private static ReadOnlySpan<byte> Part(ReadOnlySpan<byte> bytes, int at) => bytes.Slice(at, Math.Min(PartBytes, bytes.Length - at));
}
