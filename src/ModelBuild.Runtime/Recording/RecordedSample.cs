using ModelBuild.Runtime.Calls;

namespace ModelBuild.Runtime.Recording;

/// <summary>Represents a copy of one row of all inputs, or of all inputs of a call.</summary>
/// <param name="Index">The number of samples before this one.</param>
/// <param name="Shapes">The shape of each input, without the batch if the sample is a row.</param>
/// <param name="Elements">The bytes of each input.</param>
internal sealed record RecordedSample(long Index, long[][] Shapes, byte[][] Elements)
{
    /// <summary>Gets a text that is equal for all samples with the same shapes.</summary>
    public string ShapeKey => string.Join(';', Shapes.Select(shape => string.Join(',', shape)));

    /// <summary>Copies a sample from the inputs of a call.</summary>
    /// <param name="index">The number of samples before this one.</param>
    /// <param name="call">The call.</param>
    /// <param name="row">The row; null for the whole call.</param>
    public static RecordedSample Copy(long index, CallTensors call, long? row)
    {
        var shapes = new long[call.Inputs.Length][];
        var elements = new byte[call.Inputs.Length][];
        for (var i = 0; i < shapes.Length; i++)
        {
            var shape = call.InputShape(i);
            var bytes = call.Inputs[i].Bytes;
            if (row is { } at)
            {
                var size = bytes.Length / (int)shape[0];
                shape = shape[1..];
                bytes = bytes.Slice((int)at * size, size);
            }

            shapes[i] = shape;
            elements[i] = bytes.ToArray();
        }

        return new RecordedSample(index, shapes, elements);
    }
}
