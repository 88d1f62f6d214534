using ModelBuild.Runtime.Shapes;
using ModelBuild.Runtime.Values;

namespace ModelBuild.Runtime.Calls;

/// <summary>
/// Holds the states of a stream in the buffers of its call. A run writes the new state to an output buffer. The next run first exchanges the memory of the
/// input and the output buffer, so that no state is copied, the last result stays valid until then, and a failed run overwrites only the state that is no
/// longer needed.
/// </summary>
internal sealed class CallStates
{
    private readonly ShapeTemplate[] _templates;
    private readonly TensorBuffer[] _inputs;
    private readonly TensorBuffer[] _outputs;

    // The indices of the variables that occur in the shapes of the states, and the sizes of these variables since the last reset.
    private readonly int[] _variables;
    private readonly long[] _sizes;
    private bool _isNew = true;
    private bool _hasNext;

    public CallStates(IReadOnlyList<ModelState> states, ShapeProgram shapes, TensorBuffer[] inputs, TensorBuffer?[] outputs)
    {
        _templates = [.. states.Select(state => shapes.Inputs[state.Input]!)];
        _inputs = [.. states.Select(state => inputs[state.Input])];
        _outputs = [.. states.Select(state => outputs[state.Output]!)];
        _variables = [.. _templates.SelectMany(template => template.Variables).Distinct()];
        _sizes = new long[_variables.Length];
    }

    /// <summary>Gets the number of the memory block of each state that is the input: 0 or 1. The number changes with every run.</summary>
    public int Parity { get; private set; }

    /// <summary>Makes the next run start with zeros and determine the sizes of the states.</summary>
    public void Reset() => (_isNew, _hasNext) = (true, false);

    /// <summary>Returns the input buffer of the state that an output becomes in the next run, or null.</summary>
    public TensorBuffer? InputOf(TensorBuffer output) => Array.IndexOf(_outputs, output) is >= 0 and var index ? _inputs[index] : null;

    /// <summary>Prepares the input buffers of the states for a run.</summary>
    /// <param name="variables">The sizes of all variables in this run.</param>
    /// <exception cref="ArgumentException">The sizes differ from those of the current state.</exception>
    public void Begin(ReadOnlySpan<long> variables)
    {
        if (_isNew)
        {
            for (var i = 0; i < _variables.Length; i++)
                _sizes[i] = variables[_variables[i]];
            for (var i = 0; i < _inputs.Length; i++)
            {
                _inputs[i].SetLength(CallTensors.BufferLength(_inputs[i].Contract, _templates[i].Elements(variables)));
                _inputs[i].Clear();
            }
        }
        else
        {
            for (var i = 0; i < _variables.Length; i++)
                if (_sizes[i] != variables[_variables[i]])
                    throw Changed(_variables[i], _sizes[i], variables[_variables[i]]);
        }

        if (!_hasNext)
            return;
        for (var i = 0; i < _inputs.Length; i++)
            _inputs[i].Exchange(_outputs[i]);
        Parity ^= 1;
        _hasNext = false;
    }

    /// <summary>Keeps the outputs of a run as the states of the next run.</summary>
    /// <exception cref="InvalidOperationException">An output does not have the shape of its state.</exception>
    public void Keep()
    {
        for (var i = 0; i < _inputs.Length; i++)
            if (!_inputs[i].Shape.AsSpan().SequenceEqual(_outputs[i].Shape))
                throw new InvalidOperationException(
                    $"Output '{_outputs[i].Contract.Name}' has the shape [{string.Join(", ", _outputs[i].Shape)}], "
                        + $"but the next state '{_inputs[i].Contract.Name}' "
                        + $"needs [{string.Join(", ", _inputs[i].Shape)}]. The stream keeps the state from before this call."
                );
        (_isNew, _hasNext) = (false, true);
    }

    private ArgumentException Changed(int variable, long was, long becomes)
    {
        var state = _inputs[Array.FindIndex(_templates, template => template.Variables.Contains(variable))].Contract;
        var axis = Array.IndexOf(_templates[Array.FindIndex(_inputs, input => input.Contract == state)].Axes, variable);
        return new ArgumentException(
            $"The stream's state '{state.Name}', {state}, has {state.Shape![axis].Symbol ?? $"dimension {axis}"} = {was} since its first call; "
                + $"these inputs need {becomes}. "
                + "Call Reset first, or open another stream."
        );
    }
}
