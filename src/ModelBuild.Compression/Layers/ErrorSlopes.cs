namespace ModelBuild.Compression.Layers;

/// <summary>The gradient H e of one row's loss, which is updated when single errors change.</summary>
internal abstract class ErrorSlopes
{
    /// <summary>Returns the gradient for an input.</summary>
    public abstract double this[int input] { get; }

    /// <summary>Adds <paramref name="change"/> to the error of an input.</summary>
    public abstract void Move(int input, double change);
}
