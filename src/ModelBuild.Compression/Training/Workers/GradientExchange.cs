using System.Numerics.Tensors;
using ModelBuild.Compression.Training.Buffers;

namespace ModelBuild.Compression.Training.Workers;

/// <summary>
/// Averages the gradients of a step over the workers, in one buffer that has the gradients of all parameters one after another. The loss of the step and the
/// request to end are in the same buffer, so that all workers decide alike after the same step.
/// </summary>
/// <param name="workers">The workers.</param>
/// <param name="parameters">The parameters that the optimizer changes.</param>
/// <param name="cancellationToken">Ends the training. The wish of one worker ends it in all of them.</param>
internal sealed class GradientExchange(IWorkerGroup workers, IReadOnlyList<Parameter> parameters, CancellationToken cancellationToken)
{
    // The number of floats after the gradients in the exchanged buffer. The first of these floats is the loss, and the second is the number of workers that
    // request the end of the training.
    private const int Others = 2;

    private readonly float[] _buffer = workers.Size == 1 ? [] : new float[checked((int)(parameters.Sum(parameter => (long)parameter.Values.Length) + Others))];

    private bool _hasEnded;

    /// <summary>Whether the training ends after this step.</summary>
    public bool IsCancelled => workers.Size == 1 ? cancellationToken.IsCancellationRequested : _hasEnded;

    /// <summary>Replaces the gradients by their average over the workers.</summary>
    /// <param name="loss">The loss of the rows of this worker.</param>
    /// <returns>The average of the losses.</returns>
    public double Average(double loss)
    {
        if (workers.Size == 1)
            return loss;
        var position = 0;
        foreach (var parameter in parameters)
        {
            parameter.Gradient.CopyTo(_buffer, position);
            position += parameter.Gradient.Length;
        }

        (_buffer[^1], _buffer[^2]) = ((float)loss, cancellationToken.IsCancellationRequested ? 1 : 0);
        workers.Sum(_buffer);
        position = 0;
        foreach (var parameter in parameters)
        {
            TensorPrimitives.Divide(_buffer.AsSpan(position, parameter.Gradient.Length), workers.Size, parameter.Gradient);
            position += parameter.Gradient.Length;
        }

        _hasEnded = _buffer[^2] > 0;
        return _buffer[^1] / workers.Size;
    }

    /// <summary>
    /// Replaces the values by those of worker 0. The values differ only between workers whose processors have different instructions, which round differently.
    /// </summary>
    public void Align()
    {
        foreach (var parameter in parameters)
            workers.Share(parameter.Values);
    }
}
