namespace ModelBuild.Compression.Layers;

/// <summary>The slopes of one row's loss, H e, while single errors change.</summary>
internal abstract class ErrorSlopes
{
    /// <summary>The slope of an input.</summary>
    public abstract double this[int input] { get; }

    /// <summary>Adds <paramref name="change"/> to the error of an input.</summary>
    public abstract void Move(int input, double change);
}
