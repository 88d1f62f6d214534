namespace ModelBuild.Generator.Shapes;

/// <summary>A dimension of the inputs that is not known before a call.</summary>
/// <param name="Input">The first input that has it.</param>
/// <param name="Axis">Where in that input's shape.</param>
/// <param name="Symbol">The model's name for it, or null.</param>
/// <param name="IsAsked">Whether each call must say it.</param>
/// <param name="Source">The input whose length gives it; −1 when it is said.</param>
/// <param name="IsOpened">Whether it is said when a stream is opened.</param>
internal sealed record ShapeVariable(int Input, int Axis, string? Symbol, bool IsAsked, int Source, bool IsOpened = false);
