namespace ModelBuild.Runtime;

/// <summary>
/// Specifies how the size of a dynamic dimension of the inputs is determined in a call. A contract lists the variables in such an order that the size of each
/// one can be computed from those before it.
/// </summary>
public readonly record struct ShapeVariable
{
    private ShapeVariable(int input, int axis, int source)
    {
        Input = input;
        Axis = axis;
        Source = source;
    }

    /// <summary>Gets the index of an input that has the dimension.</summary>
    public int Input { get; }

    /// <summary>Gets the axis of the dimension in the shape of the input <see cref="Input"/>.</summary>
    public int Axis { get; }

    /// <summary>Gets the index of the input whose length determines the size; −1 when the caller sets the size.</summary>
    public int Source { get; }

    /// <summary>Creates a variable that the caller sets.</summary>
    /// <param name="input">The index of an input that has the dimension.</param>
    /// <param name="axis">The axis of the dimension in that input.</param>
    /// <returns>The variable.</returns>
    public static ShapeVariable FromCaller(int input, int axis) => new(input, axis, -1);

    /// <summary>Creates a variable that the length of an input determines.</summary>
    /// <param name="input">The index of an input that has the dimension.</param>
    /// <param name="axis">The axis of the dimension in that input.</param>
    /// <param name="source">The index of the input whose length determines the size.</param>
    /// <returns>The variable.</returns>
    public static ShapeVariable FromLength(int input, int axis, int source) => new(input, axis, source);
}
