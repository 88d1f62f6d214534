namespace ModelBuild.Protocol;

/// <summary>Represents the facts about an input or output of a model that descriptions depend on.</summary>
/// <param name="Name">The name.</param>
/// <param name="Type">The element type, such as <c>float32</c>; empty for a value that is not a tensor.</param>
/// <param name="Sizes">The sizes, 0 for a dynamic dimension; null if the model does not declare a shape.</param>
internal sealed record DescribedValue(string Name, string Type, IReadOnlyList<int>? Sizes)
{
    /// <summary>Gets whether the elements are numbers that a description can read as scores and coordinates.</summary>
    public bool IsFloat => Type is "float32" or "float16";

    /// <summary>Gets whether the elements are numbers with a fraction.</summary>
    public bool HasFractions => Type is "float32" or "float64" or "float16" or "bfloat16";

    /// <summary>Gets the number of dimensions; null if the model does not declare it.</summary>
    public int? Rank => Sizes?.Count;

    /// <summary>Gets the size of a dimension that is counted from the end; 0 if it is dynamic or not declared.</summary>
    public int FromEnd(int index) => Sizes is { } sizes && sizes.Count >= index ? sizes[sizes.Count - index] : 0;

    /// <summary>Returns the name, the type and the shape, such as <c>'boxes' float32[1, ?, 4]</c>.</summary>
    public override string ToString() =>
        $"'{Name}' {Type}" + (Sizes is null ? "" : $"[{string.Join(", ", Sizes.Select(size => size == 0 ? "?" : size.ToString()))}]");
}
