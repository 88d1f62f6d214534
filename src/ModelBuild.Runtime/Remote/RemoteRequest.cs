using System.Buffers;
using System.Text.Json;
using ModelBuild.Runtime.Calls;
using ModelBuild.Runtime.Values;

namespace ModelBuild.Runtime.Remote;

/// <summary>Writes the inputs of a call as the body of a request.</summary>
internal static class RemoteRequest
{
    /// <summary>Writes the inputs of a call as the body of a request.</summary>
    /// <returns>The length of the JSON object, which the binary tensors follow.</returns>
    /// <exception cref="ArgumentException">An input has an infinite element or one that is not a number, and the request is not binary.</exception>
    public static int Write(CallTensors tensors, bool isBinary, IBufferWriter<byte> body)
    {
        int header;
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            if (isBinary)
            {
                json.WriteStartObject(InferenceNames.Parameters);
                json.WriteBoolean(InferenceNames.BinaryDataOutput, true);
                json.WriteEndObject();
            }

            json.WriteStartArray(InferenceNames.Inputs);
            foreach (var input in tensors.Inputs)
                WriteInput(json, input, isBinary);
            json.WriteEndArray();
            json.WriteStartArray(InferenceNames.Outputs);
            foreach (var output in tensors.Outputs)
                if (output is not null)
                {
                    json.WriteStartObject();
                    json.WriteString(InferenceNames.Name, output.Contract.Name);
                    json.WriteEndObject();
                }

            json.WriteEndArray();
            json.WriteEndObject();
            json.Flush();
            header = (int)json.BytesCommitted;
        }

        if (isBinary)
            foreach (var input in tensors.Inputs)
                WriteBinary(input, body);
        return header;
    }

    private static void WriteInput(Utf8JsonWriter json, TensorBuffer input, bool isBinary)
    {
        var dataType = InferenceType.Of(input.Contract.Type)!;
        json.WriteStartObject();
        json.WriteString(InferenceNames.Name, input.Contract.Name);
        json.WriteString(InferenceNames.DataType, dataType);
        json.WriteStartArray(InferenceNames.Shape);
        foreach (var size in input.Shape)
            json.WriteNumberValue(size);
        json.WriteEndArray();
        if (isBinary)
        {
            json.WriteStartObject(InferenceNames.Parameters);
            json.WriteNumber(InferenceNames.BinaryDataSize, input is StringBuffer texts ? TensorStrings.Size(texts.Span) : input.Bytes.Length);
            json.WriteEndObject();
        }
        else
        {
            json.WriteStartArray(InferenceNames.Data);
            if (input is StringBuffer strings)
                foreach (var text in strings.Span)
                    json.WriteStringValue(text ?? "");
            else if (!TensorJson.TryWrite(json, dataType, input.Bytes))
                throw new ArgumentException(
                    $"Input '{input.Contract.Name}' has an element that is infinite or not a number. "
                        + "The server takes tensors as JSON, which cannot represent it."
                );
            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private static void WriteBinary(TensorBuffer input, IBufferWriter<byte> body)
    {
        if (input is not StringBuffer texts)
        {
            body.Write(input.Bytes);
            return;
        }

        var size = checked((int)TensorStrings.Size(texts.Span));
        TensorStrings.Write(texts.Span, body.GetSpan(size));
        body.Advance(size);
    }
}
