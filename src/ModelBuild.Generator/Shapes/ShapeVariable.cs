namespace ModelBuild.Generator.Shapes;

/// <summary>Represents a dimension of the inputs whose size can differ from call to call.</summary>
/// <param name="Input">The index of the first input with the dimension.</param>
/// <param name="Axis">The axis in that input's shape.</param>
/// <param name="Symbol">The symbol of the dimension; null if it has none.</param>
/// <param name="IsArgument">Whether the size is an argument of each call.</param>
/// <param name="Source">The index of the input whose length gives the size; −1 if the size is an argument.</param>
/// <param name="IsOpened">Whether the size is an argument when a stream is opened.</param>
internal sealed record ShapeVariable(int Input, int Axis, string? Symbol, bool IsArgument, int Source, bool IsOpened = false);
