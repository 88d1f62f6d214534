using ModelBuild.Compression.Training.Buffers;

namespace ModelBuild.Compression.Training.Optimizers;

/// <summary>Changes the values of parameters by their gradients.</summary>
internal interface IOptimizer
{
    /// <summary>
    /// Changes the values of the parameters in place. Parameters with different rates are given in separate calls: each parameter has its own state. Only the
    /// first step of a parameter allocates memory.
    /// </summary>
    /// <param name="parameters">The parameters, with the gradients of the loss.</param>
    /// <param name="rate">The learning rate.</param>
    void Step(IReadOnlyList<Parameter> parameters, float rate);

    /// <summary>The state of all parameters as named arrays, for checkpoints. The arrays change with the next step.</summary>
    IReadOnlyDictionary<string, float[]> State { get; }

    /// <summary>Replaces the state by a copy of a saved one. The next steps give the same bits as those after the state was saved.</summary>
    /// <exception cref="InvalidDataException">The state is that of another optimizer.</exception>
    void Restore(IReadOnlyDictionary<string, float[]> state);
}
