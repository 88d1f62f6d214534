using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Training.Buffers;

namespace ModelBuild.Compression.Training.Data;

/// <summary>One input of the model for all rows of a block.</summary>
/// <param name="Tensor">The name, the type and the shape of one row.</param>
/// <param name="Rows">The values.</param>
/// <param name="Constant">The value if all rows of the block share it, such as a sampling rate; null otherwise.</param>
internal sealed record RowInput(InputTensor Tensor, IRowArray Rows, byte[]? Constant = null)
{
    /// <summary>The number of bytes of a row.</summary>
    public int Bytes { get; } = checked((int)Tensor.Type.Bytes!.Value);

    /// <summary>Returns the input with the shape of a batch of a number of rows.</summary>
    /// <param name="rows">The number of rows that are joined along the first axis.</param>
    public InputTensor Join(int rows) =>
        Constant is not null || rows == 1
            ? Tensor
            : Tensor with
            {
                Type = new InferredTensor(Tensor.Type.Type, [rows * Tensor.Type.Shape[0], .. Tensor.Type.Shape.AsSpan(1)]),
            };
}
