namespace ModelBuild.Generator.Shapes;

/// <summary>A dimension of the inputs that is not known before a call.</summary>
/// <param name="Input">The first input that has it.</param>
/// <param name="Axis">Where in that input's shape.</param>
/// <param name="Symbol">The model's name for it, or null.</param>
/// <param name="IsAsked">Whether the caller must say it; else it follows from an input's length.</param>
/// <param name="Source">The input whose length gives it, when it is not asked.</param>
internal sealed record ShapeVariable(int Input, int Axis, string? Symbol, bool IsAsked, int Source);
