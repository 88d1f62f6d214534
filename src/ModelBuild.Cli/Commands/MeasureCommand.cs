using System.CommandLine;
using ModelBuild.Cli.Measuring;

namespace ModelBuild.Cli.Commands;

/// <summary><c>modelbuild measure</c>: the hidden command of the child process that measures models.</summary>
internal static class MeasureCommand
{
    public static Command Create() =>
        ChildCommand.Create<MeasureRequest, MeasureAnswer>(
            MeasuringProcess.Command,
            "Measures models in a process of their own.",
            ModelMeasurement.Measure,
            failure => new MeasureAnswer { Failure = failure }
        );
}
