namespace ModelBuild.Compression.Layers;

/// <summary>
/// The gradient H e of the loss of one row of weights, where e holds the rounding errors of the row. It is updated when single errors change.
/// </summary>
internal abstract class ErrorSlopes
{
    /// <summary>Returns the element of the gradient H e for an input.</summary>
    public abstract double this[int input] { get; }

    /// <summary>Adds <paramref name="change"/> to the error of an input, and updates the gradient.</summary>
    public abstract void Move(int input, double change);
}
