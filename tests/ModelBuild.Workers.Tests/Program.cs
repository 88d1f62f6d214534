using System.Globalization;
using ModelBuild.Workers.Tests.Support;
using Xunit.Runner.InProc.SystemConsole;

// Tests start this program as a worker whose tasks only wait: waiting-worker FOLDER MILLISECONDS.
if (args is [WorkerProcess.Command, var folder, var milliseconds])
    return WorkerProcess.Work(folder, TimeSpan.FromMilliseconds(int.Parse(milliseconds, CultureInfo.InvariantCulture)));
if (args is [TrainingEfficiency.Command, var port, var count])
    return TrainingEfficiency.Exchange(port, count);
if (args is ["training-efficiency", var corpus])
{
    TrainingEfficiency.Run(Console.Out, corpus);
    return 0;
}

if (args is ["efficiency"])
{
    Efficiency.Run(Console.Out);
    return 0;
}

return await ConsoleRunner.Run(args);
