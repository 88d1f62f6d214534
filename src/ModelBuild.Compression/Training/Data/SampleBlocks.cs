using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Signatures;
using ModelBuild.Compression.Training.Buffers;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Training.Data;

/// <summary>Copies the rows of the calls of ONNX test data, or of calibration samples.</summary>
/// <param name="signature">The signature of the model.</param>
/// <param name="store">The place of the rows.</param>
internal sealed class SampleBlocks(ModelSignature signature, RowStore store)
{
    /// <summary>Copies the rows of one call into a block.</summary>
    /// <exception cref="InvalidDataException">An input is not numbers.</exception>
    public RowBlock Read(Sample sample)
    {
        var isJoinable = IsJoinable(sample);
        var count = isJoinable ? checked((int)sample.Rows) : 1;
        return new RowBlock
        {
            File = sample.File,
            FirstRow = sample.FirstRow,
            Count = count,
            LabelsPerRow = isJoinable ? 1 : checked((int)sample.Rows),
            IsJoinable = isJoinable,
            Inputs = [.. sample.Inputs.Select(input => Read(input.Key, input.Value, isJoinable))],
            Labels = sample.Labels,
        };
    }

    // Returns whether the rows of a call can be used one by one: every input has them along its first axis, and the model takes any number of rows.
    private bool IsJoinable(Sample sample) =>
        sample.Inputs.All(input =>
            input.Value.Shape.Length == 0
            || (input.Value.Shape[0] == sample.Rows && signature.Inputs.First(one => one.Name == input.Key).Shape is null or [{ Size: null }, ..])
        );

    private RowInput Read(string name, SampleArray array, bool isJoinable)
    {
        if (array.Type == DataType.String)
            throw new InvalidDataException($"its tensor '{name}' holds texts, and training needs numbers");
        long[] shape = isJoinable && array.Shape.Length > 0 ? [1, .. array.Shape.AsSpan(1)] : array.Shape;
        var tensor = new InputTensor(name, new InferredTensor(array.Type, shape));
        return array.Shape.Length == 0
            ? new RowInput(tensor, new MemoryRows(array.Data), array.Data)
            : new RowInput(tensor, store.Copy([array.Data], array.Data.LongLength));
    }
}
