using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using ModelBuild.Compression.Calibration;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Training.Buffers;
using ModelBuild.Compression.Training.Workers;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Training.Data;

/// <summary>Rows of one form that are trained on or measured together. Their values are read when they are copied, always with the same result.</summary>
internal sealed class TrainingBatch
{
    private readonly (RowDraw Draw, RowBlock Block, int Row)[] _rows;
    private readonly RowIndex _index;
    private readonly Augmenter? _augmenter;

    /// <summary>Creates a batch of rows.</summary>
    /// <param name="index">The rows.</param>
    /// <param name="draws">The rows of the batch.</param>
    /// <param name="augmenter">Changes images; null to leave them.</param>
    public TrainingBatch(RowIndex index, RowDraw[] draws, Augmenter? augmenter)
    {
        _rows = Array.ConvertAll(draws, draw => (draw, index.Locate(draw.Row).Block, index.Locate(draw.Row).Row));
        (_index, _augmenter) = (index, augmenter);
        Inputs = [.. _rows[0].Block.Inputs.Select(input => input.Join(draws.Length))];
        Draws = draws;
    }

    /// <summary>Returns the rows of one of the workers that share the batch.</summary>
    /// <param name="workers">The workers.</param>
    /// <exception cref="CompressionException">MB1005: the rows cannot be divided evenly.</exception>
    public TrainingBatch PartOf(IWorkerGroup workers)
    {
        if (workers.Size == 1)
            return this;
        if (Count % workers.Size != 0)
            throw new CompressionException(
                Codes.UnknownOption,
                Count < workers.Size && _rows[0].Block.IsJoinable ? $"There are {Count} rows to train on, and {workers.Size} workers: use fewer workers."
                    : _rows[0].Block.IsJoinable
                        ? $"A batch of {Count} rows cannot be divided evenly among {workers.Size} workers: use batch={MultipleOf(workers.Size)} or another "
                            + "number of workers."
                    : $"The model takes a fixed number of rows in a call, which {workers.Size} workers cannot share: train it with one worker."
            );
        var count = Count / workers.Size;
        return new TrainingBatch(_index, [.. Draws.Skip(workers.Rank * count).Take(count)], _augmenter);
    }

    /// <summary>The rows of the batch with their epochs.</summary>
    public IReadOnlyList<RowDraw> Draws { get; }

    /// <summary>The number of rows in the batch.</summary>
    public int Count => _rows.Length;

    /// <summary>The inputs of the model with the shapes of this batch.</summary>
    public IReadOnlyList<InputTensor> Inputs { get; }

    /// <summary>The number of labels: one for each row, or for each of the rows that a call of the model takes together.</summary>
    public int Labels => _rows.Length * _rows[0].Block.LabelsPerRow;

    /// <summary>Returns whether each row has its own values of an input.</summary>
    public bool IsByRow(string input) => _rows[0].Block.Inputs.First(one => one.Tensor.Name == input).Constant is null;

    /// <summary>Copies the values of an input. If the target has space for more rows, the last row is repeated.</summary>
    /// <param name="input">The name of the input.</param>
    /// <param name="target">The memory, for this many rows or more.</param>
    /// <exception cref="CompressionException">MB1019: the file cannot be read any more, or it holds NaN.</exception>
    public void CopyTo(string input, Span<byte> target)
    {
        var position = _rows[0].Block.Inputs.Index().First(one => one.Item.Tensor.Name == input).Index;
        var first = _rows[0].Block.Inputs[position];
        if (first.Constant is { } constant)
        {
            constant.CopyTo(target);
            return;
        }

        var bytes = first.Bytes;
        for (var i = 0; i < _rows.Length; i++)
            Copy(_rows[i], position, target.Slice(i * bytes, bytes));
        for (var end = _rows.Length * bytes; bytes > 0 && end < target.Length; end += bytes)
            target.Slice(end - bytes, bytes).CopyTo(target[end..]);
    }

    /// <summary>Copies the classes of the rows, −1 for a row without a label. If the target has space for more rows, it is filled with −1.</summary>
    /// <param name="target">The memory, for as many numbers as there are labels or more.</param>
    public void CopyLabelsTo(Span<long> target)
    {
        target.Fill(-1);
        foreach (var (i, (_, block, row)) in _rows.Index())
            block.Labels?.AsSpan(row * block.LabelsPerRow, block.LabelsPerRow).CopyTo(target[(i * block.LabelsPerRow)..]);
    }

    /// <summary>Returns the places of the rows in the data: as many as there are labels, in their order.</summary>
    public IEnumerable<RowOrigin> Origins()
    {
        foreach (var (draw, block, row) in _rows)
            for (var i = 0; i < block.LabelsPerRow; i++)
                yield return block.File is { } file
                    ? new RowOrigin(Path.GetFileName(file), block.FirstRow + (long)row * block.LabelsPerRow + i)
                    : new RowOrigin(File: null, (long)draw.Row * block.LabelsPerRow + i);
    }

    private int MultipleOf(int workers) => (Count + workers - 1) / workers * workers;

    private void Copy((RowDraw Draw, RowBlock Block, int Row) row, int position, Span<byte> target)
    {
        var input = row.Block.Inputs[position];
        try
        {
            input.Rows.Read(row.Row, target);
        }
        catch (Exception exception) when (DataFaults.IsFault(exception))
        {
            throw RowIndex.Fault(exception.Message.TrimEnd('.'), row.Block.File, exception);
        }

        if (input.Tensor.Type.Type == DataType.Float && TensorPrimitives.IsNaNAny<float>(MemoryMarshal.Cast<byte, float>(target)))
            throw RowIndex.Fault(
                $"its array '{input.Tensor.Name}' holds NaN in row {row.Block.FirstRow + (long)row.Row * row.Block.LabelsPerRow}: remove the row",
                row.Block.File
            );
        _augmenter?.Apply(input.Tensor, target, row.Draw, position);
    }
}
