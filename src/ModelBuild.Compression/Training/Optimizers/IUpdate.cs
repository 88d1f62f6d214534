using System.Numerics;

namespace ModelBuild.Compression.Training.Optimizers;

/// <summary>The formula with which an optimizer changes values. Each value depends on its own gradient and state only.</summary>
internal interface IUpdate
{
    /// <summary>Changes one vector of values and their state.</summary>
    /// <param name="value">The values.</param>
    /// <param name="gradient">The gradient of the loss by the values.</param>
    /// <param name="first">The first number of the state of each value.</param>
    /// <param name="second">The second number of the state of each value; zero for an optimizer with one number.</param>
    void Apply(ref Vector<float> value, Vector<float> gradient, ref Vector<float> first, ref Vector<float> second);
}
