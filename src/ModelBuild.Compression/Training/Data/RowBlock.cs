namespace ModelBuild.Compression.Training.Data;

/// <summary>
/// Rows of equal form from one file. A row is one row of the file's arrays where the model takes any number of rows, and otherwise all rows that one call
/// takes.
/// </summary>
internal sealed class RowBlock
{
    /// <summary>The path of the file; null for rows that come from no file.</summary>
    public required string? File { get; init; }

    /// <summary>The position of the first row in the file, in rows of its arrays.</summary>
    public long FirstRow { get; init; }

    /// <summary>The number of rows in the block.</summary>
    public required int Count { get; init; }

    /// <summary>The number of rows of the file's arrays that form one row, each with its own label.</summary>
    public required int LabelsPerRow { get; init; }

    /// <summary>Whether rows can be joined along the first axis of every input.</summary>
    public required bool IsJoinable { get; init; }

    /// <summary>The inputs of the model for the rows.</summary>
    public required IReadOnlyList<RowInput> Inputs { get; init; }

    /// <summary>The classes of all rows; null when they are unknown.</summary>
    public required long[]? Labels { get; init; }

    /// <summary>A text that is equal for blocks whose rows can be in one batch.</summary>
    public string Form =>
        string.Join(
            ';',
            Inputs.Select(input =>
                $"{input.Tensor.Name}:{input.Tensor.Type.Type}[{string.Join(',', input.Tensor.Type.Shape)}]"
                + (input.Constant is { } value ? Convert.ToHexString(value) : "")
            )
        ) + $";{IsJoinable};{LabelsPerRow}";
}
