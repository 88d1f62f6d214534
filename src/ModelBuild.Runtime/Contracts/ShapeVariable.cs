namespace ModelBuild.Runtime;

/// <summary>
/// How a dimension of the inputs that is not fixed becomes known at each call. A contract lists them in an order in which
/// each one follows from those before it.
/// </summary>
public readonly record struct ShapeVariable
{
    private ShapeVariable(int input, int axis, int source)
    {
        Input = input;
        Axis = axis;
        Source = source;
    }

    /// <summary>The index of an input that has the dimension.</summary>
    public int Input { get; }

    /// <summary>Where the dimension stands in that input's shape.</summary>
    public int Axis { get; }

    /// <summary>The index of the input whose length gives the size; −1 when the caller says it.</summary>
    public int Source { get; }

    /// <summary>A dimension that the caller says.</summary>
    public static ShapeVariable FromCaller(int input, int axis) => new(input, axis, -1);

    /// <summary>A dimension that the length of the input <paramref name="source"/> gives.</summary>
    public static ShapeVariable FromLength(int input, int axis, int source) => new(input, axis, source);
}
