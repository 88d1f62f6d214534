using ModelBuild.Compression.Diagnostics;

namespace ModelBuild.Compression.Training.Data;

/// <summary>Numbers the rows of all blocks, in the order of the blocks.</summary>
internal sealed class RowIndex
{
    private readonly IReadOnlyList<RowBlock> _blocks;
    private readonly int[] _ends;
    private readonly int[] _forms;

    /// <summary>Numbers the rows of the given blocks.</summary>
    public RowIndex(IReadOnlyList<RowBlock> blocks)
    {
        _blocks = blocks;
        _ends = new int[blocks.Count];
        _forms = new int[blocks.Count];
        var forms = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < blocks.Count; i++)
        {
            Count = _ends[i] = checked(Count + blocks[i].Count);
            forms.TryAdd(blocks[i].Form, forms.Count);
            _forms[i] = forms[blocks[i].Form];
        }
    }

    /// <summary>The number of rows of all blocks.</summary>
    public int Count { get; }

    /// <summary>The blocks in the order of their rows.</summary>
    public IReadOnlyList<RowBlock> Blocks => _blocks;

    /// <summary>Returns the number of the form of a row: rows of the same form can be in one batch.</summary>
    public int Form(int row) => _forms[BlockOf(row)];

    /// <summary>Returns the block of a row and the position of the row in it.</summary>
    public (RowBlock Block, int Row) Locate(int row)
    {
        var block = BlockOf(row);
        return (_blocks[block], row - _ends[block] + _blocks[block].Count);
    }

    /// <summary>Throws if a label is not the number of a class.</summary>
    /// <param name="classes">The number of classes; null when it is unknown.</param>
    /// <exception cref="CompressionException">MB1019: a label is not a class.</exception>
    public void CheckLabels(long? classes)
    {
        foreach (var block in _blocks)
        foreach (var (row, label) in (block.Labels ?? []).Index())
            if (label < 0 || label >= classes)
                throw Fault(
                    $"its array 'label' holds {label} in row {block.FirstRow + row}, and "
                        + (classes is { } count ? $"the model has the classes 0 to {count - 1}" : "classes count from 0"),
                    block.File
                );
    }

    /// <summary>Creates the error about a fault in the training data.</summary>
    public static CompressionException Fault(string what, string? file, Exception? inner = null) =>
        new(Codes.CalibrationData, $"The training data cannot be used: {what}.", file, inner);

    // Returns the number of the block that contains the row: the first block that ends after it. Blocks without rows end where the block before them ends.
    private int BlockOf(int row)
    {
        var (low, high) = (0, _ends.Length - 1);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_ends[middle] > row)
                high = middle;
            else
                low = middle + 1;
        }

        return low;
    }
}
