using System.Text;
using ModelBuild.Compression.Execution;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Calibration;

/// <summary>Reads a NumPy array front to back, some elements at a time.</summary>
internal sealed class NpyReader : IDisposable
{
    private readonly Stream _stream;

    // What may still come: a header's word alone is no reason to make room for gigabytes.
    private long _remaining;

    /// <summary>Takes over <paramref name="stream"/> and reads its header.</summary>
    /// <param name="stream">The array's file.</param>
    /// <param name="length">How many bytes the stream has.</param>
    /// <exception cref="InvalidDataException">It is not a NumPy array.</exception>
    public NpyReader(Stream stream, long length)
    {
        (_stream, _remaining) = (stream, length);
        Header = NpyHeader.Read(stream);
    }

    public NpyHeader Header { get; }

    /// <summary>The next elements as an array of <paramref name="shape"/>.</summary>
    /// <exception cref="InvalidDataException">The file ends before.</exception>
    public SampleArray Read(long[] shape)
    {
        var count = checked(SampleArray.Count(shape) * Header.ElementSize);
        if (count > Array.MaxLength)
            throw new InvalidDataException($"one call of the model would take {count} bytes of it");
        if (count > _remaining)
            throw new InvalidDataException("it ends before its last element");
        _remaining -= count;
        var bytes = new byte[count];
        if (_stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length)
            throw new InvalidDataException("it ends before its last element");
        return Header.Type == DataType.String ? new SampleArray(DataType.String, shape, [], Texts(bytes)) : new SampleArray(Header.Type, shape, bytes);
    }

    public void Dispose() => _stream.Dispose();

    // NumPy stores strings in UTF-32 at a fixed width, padded with zeros.
    private string[] Texts(byte[] bytes) =>
        [
            .. Enumerable
                .Range(0, Header.ElementSize == 0 ? 0 : bytes.Length / Header.ElementSize)
                .Select(i => Encoding.UTF32.GetString(bytes, i * Header.ElementSize, Header.ElementSize).TrimEnd('\0')),
        ];
}
