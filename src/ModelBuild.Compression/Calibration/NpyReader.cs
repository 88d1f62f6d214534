using System.Text;
using ModelBuild.Compression.Execution;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Calibration;

/// <summary>Reads the elements of a NumPy array in order, some at a time.</summary>
internal sealed class NpyReader : IDisposable
{
    private readonly Stream _stream;

    // The number of bytes that the stream still holds. It limits allocations, because the sizes in a header are untrusted.
    private long _remaining;

    /// <summary>Takes ownership of <paramref name="stream"/> and reads the header.</summary>
    /// <param name="stream">The array's file.</param>
    /// <param name="length">The length of the stream in bytes.</param>
    /// <exception cref="InvalidDataException">The stream is not a NumPy array.</exception>
    public NpyReader(Stream stream, long length)
    {
        _stream = stream;
        try
        {
            Header = NpyHeader.Read(stream);
        }
        catch
        {
            stream.Dispose();
            throw;
        }

        _remaining = length - Header.Length;
    }

    public NpyHeader Header { get; }

    /// <summary>Reads the next elements as an array of <paramref name="shape"/>.</summary>
    /// <exception cref="InvalidDataException">The file ends before the last element.</exception>
    public SampleArray Read(long[] shape)
    {
        var count = checked(SampleArray.Count(shape) * Header.ElementSize);
        if (count > Array.MaxLength)
            throw new InvalidDataException($"one call of the model would need {count} bytes of it");
        if (count > _remaining)
            throw new InvalidDataException("it ends before its last element");
        _remaining -= count;
        var bytes = new byte[count];
        if (_stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length)
            throw new InvalidDataException("it ends before its last element");
        return Header.Type == DataType.String ? new SampleArray(DataType.String, shape, [], Texts(bytes)) : new SampleArray(Header.Type, shape, bytes);
    }

    /// <summary>Checks that the file holds at least a given number of further elements, for a caller that reads them in another way.</summary>
    /// <exception cref="InvalidDataException">The file ends before the last element.</exception>
    public void Require(long elements)
    {
        if (checked(elements * Header.ElementSize) > _remaining)
            throw new InvalidDataException("it ends before its last element");
    }

    public void Dispose() => _stream.Dispose();

    // Decodes the elements of an array of strings. NumPy stores strings as UTF-32 with a fixed width, padded with zeros.
    private string[] Texts(byte[] bytes) =>
        [
            .. Enumerable
                .Range(0, Header.ElementSize == 0 ? 0 : bytes.Length / Header.ElementSize)
                .Select(i => Encoding.UTF32.GetString(bytes, i * Header.ElementSize, Header.ElementSize).TrimEnd('\0')),
        ];
}
